package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.done;
import static org.contactsync.sync.TestService.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of one user that run in one transaction, over whatever store: each is what it would have been alone. */
public abstract class SeriesScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");
    private final TestDevice watch = service.device("watch");

    protected abstract TestStore newStore();

    /** Protocol 4.3.2, 9.5. */
    @Test
    void eachStepIsAnsweredWithTheBookThatItHasLeft() {
        CheckCode empty = service.code(ADA);
        List<List<Change>> changes = List.of(
                List.of(put(1, "Ada")),
                List.of(put(2, "Bob"), put(3, "Cy")),
                List.of(put(1, "Ada King"), delete(2)),
                List.of(delete(1)),
                List.of(put(1, "Ada Lovelace")));
        List<ApplyChanges> steps = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            steps.add(device(i).rebasing(empty, changes.get(i).toArray(Change[]::new)));
        }

        List<Reply> replies = service.deliverTogether(steps);

        assertThat(replies)
                .extracting(Reply::to)
                .containsExactlyElementsOf(
                        steps.stream().map(step -> step.head().replyTo()).toList());
        Map<Uid, CanonicalCard> expected = new TreeMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (Change change : changes.get(i)) {
                if (change instanceof Change.Put put) {
                    expected.put(put.uid(), put.card());
                } else {
                    expected.remove(change.uid());
                }
            }
            SyncResult result = done(replies.get(i).outcome());
            assertThat(result.seq()).isEqualTo(i + 1L);
            assertThat(result.count()).isEqualTo(expected.size());
            assertThat(result.checkCode()).isEqualTo(codeOf(expected));
            assertThat(result.rebased()).isEqualTo(i > 0);
        }
        assertThat(service.visible(ADA)).isEqualTo(expected);
        assertThat(service.code(ADA)).isEqualTo(codeOf(expected));
        assertThat(service.book(ADA).seq()).isEqualTo(steps.size());
    }

    /** Protocol 7.2: a message that comes again finds the receipt. */
    @Test
    void eachStepHasItsOwnReceipt() {
        CheckCode first = service.code(ADA);
        List<ApplyChanges> steps = List.of(
                phone.changesFrom(first, put(1, "Ada")),
                tablet.changesFrom(first, put(2, "Bob")),
                watch.rebasing(first, put(3, "Cy")));
        List<Reply> replies = service.deliverTogether(steps);

        for (int i = 0; i < steps.size(); i++) {
            Outcome again = service.answer(steps.get(i));
            if (i == 1) {
                refused(again, Problem.CheckCodeMismatch.class);
            } else {
                assertThat(done(again).seq())
                        .isEqualTo(done(replies.get(i).outcome()).seq());
                assertThat(done(again).checkCode())
                        .isEqualTo(done(replies.get(i).outcome()).checkCode());
            }
        }
        assertThat(service.book(ADA).seq()).isEqualTo(2);
    }

    /** Protocol 4.3.5: it is told what the steps before it have changed, and nothing of those behind it. */
    @Test
    void aStepThatIsRefusedLeavesTheOthersAlone() {
        CheckCode first = service.code(ADA);
        List<Reply> replies = service.deliverTogether(List.of(
                phone.changesFrom(first, put(1, "Ada")),
                tablet.changesFrom(first, put(2, "Bob")),
                watch.rebasing(first, put(3, "Cy"))));

        assertThat(done(replies.get(0).outcome()).seq()).isEqualTo(1);
        Problem.CheckCodeMismatch problem = refused(replies.get(1).outcome(), Problem.CheckCodeMismatch.class);
        assertThat(problem.serverSeq()).isEqualTo(1);
        assertThat(problem.missed().orElseThrow().changes())
                .extracting(change -> change.uid())
                .containsExactly(uid(1));
        SyncResult last = done(replies.get(2).outcome());
        assertThat(last.seq()).isEqualTo(2);
        assertThat(last.missed().orElseThrow().changes())
                .extracting(change -> change.uid())
                .containsExactly(uid(1));
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada"), uid(3), card("Cy")));
    }

    /** Protocol 1.3: whatever they are, with conflicts, refusals, deletions, lost cards and repeated requests. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void stepsTogetherAreWhatTheyAreOneByOne(long seed) {
        new SeriesTwins(service, seed).run(15);
    }

    @Test
    void aStepThatWasRunBeforeHasNothingOfItsSeriesWritten() {
        ApplyChanges known = phone.changes(put(1, "Ada"));
        service.answer(known);
        List<ApplyChanges> steps = List.of(
                tablet.changes(put(2, "Bob")), phone.again(known), watch.rebasing(service.code(ADA), put(3, "Cy")));

        assertThat(service.runTogether(steps)).isEmpty();
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.book(ADA).seq()).isEqualTo(1);

        List<Reply> replies = service.deliverTogether(steps);
        assertThat(replies).extracting(reply -> done(reply.outcome()).seq()).containsExactly(2L, 1L, 3L);
    }

    @Test
    void aFirstStepThatWasRunBeforeIsAnsweredAlone() {
        ApplyChanges known = phone.changes(put(1, "Ada"));
        service.answer(known);

        assertThat(service.runTogether(List.of(phone.again(known), tablet.changes(put(2, "Bob")))))
                .hasSize(1);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
    }

    /** Protocol 8.6. */
    @Test
    void stepsThatHaveToWaitAreAcceptedOneByOne() {
        OpenUpload upload = phone.open(TaskKind.REPLACE, 1, 1);
        service.answer(upload);
        service.answer(phone.chunk(upload, 1, put(9, "x")));
        CheckCode first = service.code(ADA);
        List<ApplyChanges> steps = List.of(tablet.rebasing(first, put(1, "Ada")), watch.rebasing(first, put(2, "Bob")));

        assertThat(service.deliverTogether(steps))
                .extracting(Reply::outcome)
                .hasOnlyElementsOfType(Outcome.Accepted.class)
                .hasSize(2);
        assertThat(service.deliver(phone.commit(upload)))
                .extracting(Reply::to)
                .endsWith(steps.get(0).head().replyTo(), steps.get(1).head().replyTo());
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(2), uid(9));
    }

    /** Protocol 1.3. */
    @Test
    void stepsBehindAnAcceptedTaskRunAfterIt() {
        CheckCode first = service.code(ADA);
        ApplyChanges accepted = phone.rebasing(first, put(1, "Ada"));
        assertThat(service.park(accepted)).isInstanceOf(Outcome.Accepted.class);
        List<ApplyChanges> steps =
                List.of(tablet.rebasing(first, put(1, "Ada King")), watch.rebasing(first, put(2, "Bob")));

        List<Reply> replies = service.deliverTogether(steps);

        assertThat(replies)
                .extracting(Reply::to)
                .containsExactly(
                        accepted.head().replyTo(),
                        steps.get(0).head().replyTo(),
                        steps.get(1).head().replyTo());
        assertThat(replies).extracting(reply -> done(reply.outcome()).seq()).containsExactly(1L, 2L, 3L);
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada King"), uid(2), card("Bob")));
    }

    @Test
    void eachChangeIsInTheHistoryAndIsAnnounced() {
        CheckCode first = service.code(ADA);
        service.events.clear();
        List<ApplyChanges> steps = List.of(
                phone.rebasing(first, put(1, "Ada")),
                tablet.rebasing(first, put(1, "Ada King")),
                watch.rebasing(first, delete(1)));

        List<Reply> replies = service.deliverTogether(steps);

        List<PastChange> changes =
                service.store.history().changes(service.book(ADA).id(), Long.MAX_VALUE, 10);
        assertThat(changes).extracting(PastChange::seq).containsExactly(3L, 2L, 1L);
        assertThat(changes)
                .extracting(change -> change.device().orElseThrow().value())
                .containsExactly("watch", "tablet", "phone");
        assertThat(changes.get(2).before()).isEqualTo(first);
        assertThat(changes.get(1).before()).isEqualTo(changes.get(2).after());
        assertThat(changes.get(0).before()).isEqualTo(changes.get(1).after());
        assertThat(changes.get(0).after()).isEqualTo(service.code(ADA));
        assertThat(service.store.history().lastUntil(service.book(ADA).id(), service.now()))
                .contains(changes.get(0));
        assertThat(replies).hasSize(3);
        assertThat(service.events)
                .filteredOn(BookChanged.class::isInstance)
                .extracting(BookEvent::owner)
                .containsExactly(ADA, ADA, ADA);
    }

    @Test
    void onlyDifferentTasksOfOneOwnerAreASeries() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        ApplyChanges ofBob = service.deviceOf(Examples.BOB, "phone").changes(put(1, "Bob"));

        assertThatThrownBy(() -> new Series(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Series(List.of(step, phone.again(step))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Series(List.of(step, ofBob))).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Series(List.of(step)).first()).isEqualTo(step);
    }

    private TestDevice device(int number) {
        return List.of(phone, tablet, watch).get(number % 3);
    }

    private CheckCode codeOf(Map<Uid, CanonicalCard> contacts) {
        return PlainCheckCodes.of(service.book(ADA).key(), contacts);
    }
}
