package org.contactsync.queue.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.settings.StepsPerCommit;
import org.contactsync.sync.Examples;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which steps run together with one whose message has come. */
class SentStepsTest {
    private static final Owner ADA = new Owner("issuer", "ada");
    private static final Owner BOB = new Owner("issuer", "bob");

    private final SentSteps sent = new SentSteps(new StepsPerCommit(4));
    private final PendingReplies replies = new PendingReplies();
    private int made;

    @Test
    void takesTheStepsOfTheSameOwnerInTheirOrder() {
        ApplyChanges first = sent(ADA);
        ApplyChanges second = sent(ADA);
        ApplyChanges ofBob = sent(BOB);
        ApplyChanges third = sent(ADA);

        assertThat(sent.take(second)).contains(new Series(List.of(second, first, third)));
        assertThat(sent.take(ofBob)).isEmpty();
        assertThat(sent.size()).isZero();
    }

    @Test
    void takesAsManyAsATransactionMayHave() {
        List<ApplyChanges> steps =
                IntStream.range(0, 6).mapToObj(i -> sent(ADA)).toList();

        assertThat(sent.take(steps.get(0))).contains(new Series(steps.subList(0, 4)));
        assertThat(sent.take(steps.get(4))).contains(new Series(steps.subList(4, 6)));
        assertThat(sent.take(sent(ADA))).isEmpty();
    }

    @Test
    void takesNoMoreChangesThanOneRequestMayHave() {
        ApplyChanges first = sent(ADA, 1, TaskId.random());
        ApplyChanges second = sent(ADA, 999, TaskId.random());
        ApplyChanges third = sent(ADA, 1, TaskId.random());

        assertThat(sent.take(first)).contains(new Series(List.of(first, second)));
        assertThat(sent.take(third)).isEmpty();
    }

    @Test
    void lostCardsCountLikeChanges() {
        ApplyChanges first = sent(ADA, 999, TaskId.random());
        IncrementalSync lost = IncrementalSync.ofLost(List.of(
                new LostCard(Examples.uid(1), Examples.card("x")), new LostCard(Examples.uid(2), Examples.card("x"))));
        ApplyChanges second =
                new ApplyChanges(step(ADA, 1, TaskId.random()).head(), Examples.DIGEST, Examples.SOME_CODE, lost);
        sent.add(second, request(second));

        assertThat(sent.take(first)).isEmpty();
        assertThat(sent.size()).isEqualTo(1);
    }

    @Test
    void aTaskIsInASeriesOnce() {
        TaskId task = TaskId.random();
        ApplyChanges first = sent(ADA, 1, task);
        ApplyChanges again = sent(ADA, 1, task);
        ApplyChanges other = sent(ADA);

        assertThat(sent.take(first)).contains(new Series(List.of(first, other)));
        assertThat(sent.take(again)).isEmpty();
    }

    /** Its request is answered, or its task has its row. */
    @Test
    void aStepThatIsNotWaitedForIsNotTaken() {
        ApplyChanges first = sent(ADA);
        ApplyChanges answered = sent(ADA);
        ApplyChanges parked = sent(ADA);

        reply(answered, false);
        reply(parked, true);

        assertThat(sent.size()).isEqualTo(1);
        assertThat(sent.take(first)).isEmpty();
        assertThat(sent.size()).isZero();
    }

    /** Another instance was faster than the thread that sent its message: it would be kept without a share of the budget. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStepThatIsNotWaitedForWhenItIsAddedIsNotKept(boolean parked) {
        ApplyChanges step = step(ADA, 1, TaskId.random());
        WaitingRequest<ApplyChanges> request = request(step);
        reply(step, parked);

        sent.add(step, request);

        assertThat(sent.size()).isZero();
        assertThat(request.outcome().isDone()).isEqualTo(!parked);
    }

    /** Its message was faster than the thread that sent it. */
    @Test
    void aStepWhoseMessageHasComeIsNotTakenByAnother() {
        ApplyChanges fast = step(ADA, 1, TaskId.random());
        assertThat(sent.take(fast)).isEmpty();
        sent.add(fast, request(fast));

        assertThat(sent.take(sent(ADA))).isEmpty();
    }

    @Test
    void theMessageOfAStepThatHasRunHasNothingToDo() {
        ApplyChanges first = sent(ADA);
        ApplyChanges second = sent(ADA);
        ApplyChanges third = sent(ADA);
        sent.take(first);
        assertThat(sent.hasRun(second)).isFalse();

        sent.haveRun(List.of(second));

        assertThat(sent.hasRun(second)).isTrue();
        // The same message again finds the receipt.
        assertThat(sent.hasRun(second)).isFalse();
        assertThat(sent.hasRun(third)).isFalse();
        assertThat(sent.hasRun(first)).isFalse();
        assertThat(sent.take(third)).isEmpty();
    }

    @Test
    void onlyChangesRunTogether() {
        sent(ADA);
        Step wake = new Step.RunWaiting(step(ADA, 1, TaskId.random()).head());
        assertThat(sent.take(wake)).isEmpty();
        assertThat(sent.size()).isEqualTo(1);
    }

    @Test
    void nothingIsKeptWhenEachStepHasItsOwnTransaction() {
        SentSteps none = new SentSteps(new StepsPerCommit(1));
        ApplyChanges first = step(ADA, 1, TaskId.random());
        ApplyChanges second = step(ADA, 1, TaskId.random());
        none.add(first, request(first));
        none.add(second, request(second));
        assertThat(none.size()).isZero();
        assertThat(none.take(first)).isEmpty();
    }

    /** Its share of the budget is released then. */
    @Test
    void nothingKeepsAStepWhoseTaskHasARow() {
        WeakReference<ApplyChanges> parked = parked();

        await().pollInSameThread().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return parked.get() == null;
        });
        assertThat(replies.size()).as("the request still waits").isEqualTo(1);
    }

    private WeakReference<ApplyChanges> parked() {
        ApplyChanges step = sent(ADA);
        reply(step, true);
        return new WeakReference<>(step);
    }

    private ApplyChanges sent(Owner owner) {
        return sent(owner, 1, TaskId.random());
    }

    private ApplyChanges sent(Owner owner, int changes, TaskId task) {
        ApplyChanges step = step(owner, changes, task);
        sent.add(step, request(step));
        return step;
    }

    /** One that waits until its task is done. */
    private WaitingRequest<ApplyChanges> request(ApplyChanges step) {
        return WaitingRequest.start(
                replies, step.owner(), step.head().replyTo().correlation(), true, step, sent.forgetting(step));
    }

    private void reply(ApplyChanges step, boolean parked) {
        assertThat(replies.complete(new Reply(step.head().replyTo(), new Outcome.Gone(), parked)))
                .isTrue();
    }

    private ApplyChanges step(Owner owner, int changes, TaskId task) {
        List<Change> deletes = IntStream.range(0, changes)
                .mapToObj(i -> (Change) new Change.Delete(new Uid("uid-" + i), Optional.empty()))
                .toList();
        Head head = new Head(owner, task, Optional.empty(), Instant.EPOCH, new ReplyTo("q", new UUID(1, ++made)));
        return new ApplyChanges(
                head,
                Examples.DIGEST,
                Examples.SOME_CODE,
                new IncrementalSync(deletes, Optional.empty(), OnMismatch.REBASE, true));
    }
}
