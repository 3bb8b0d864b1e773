package org.contactsync.queue.message;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.bounds.InEveryOrder;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.settings.StepsPerCommit;
import org.contactsync.sync.Examples;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;

/** Whatever comes while a step is added: nobody keeps it longer than its request does. */
class SentStepsConcurrencyTest {
    private static final ApplyChanges STEP = new ApplyChanges(
            new Head(
                    new Owner("issuer", "user"),
                    TaskId.random(),
                    Optional.empty(),
                    Instant.EPOCH,
                    new ReplyTo("queue", new UUID(0, 1))),
            Examples.DIGEST,
            Examples.SOME_CODE,
            new IncrementalSync(
                    List.of(new Change.Delete(new Uid("uid"), Optional.empty())),
                    Optional.empty(),
                    OnMismatch.REBASE,
                    true));

    /** Another instance parks it: from then on the request has no share of the budget. */
    @Test
    void aStepThatIsParkedWhileItIsAddedIsNotKept() {
        InEveryOrder.check(() -> new Adding(true));
    }

    @Test
    void aStepWhoseRequestIsAnsweredWhileItIsAddedIsNotKept() {
        InEveryOrder.check(() -> new Adding(false));
    }

    private static final class Adding implements InEveryOrder.Scene {
        private final SentSteps sent = new SentSteps(new StepsPerCommit(4));
        private final PendingReplies replies = new PendingReplies(new UserPlaces(1, 1));
        private final WaitingRequest<ApplyChanges> request;
        private final boolean parked;

        Adding(boolean parked) {
            this.parked = parked;
            request = WaitingRequest.start(
                    replies, STEP.owner(), STEP.head().replyTo().correlation(), true, STEP, sent.forgetting(STEP));
        }

        @Override
        public List<Runnable> threads() {
            return List.of(
                    () -> sent.add(STEP, request),
                    () -> replies.complete(new Reply(STEP.head().replyTo(), new Outcome.Gone(), parked)));
        }

        /** A plain check: what an assertion library does would be tried in every order too. */
        @Override
        public void check() {
            if (sent.size() != 0) {
                throw new AssertionError("is kept in this order");
            }
        }
    }
}
