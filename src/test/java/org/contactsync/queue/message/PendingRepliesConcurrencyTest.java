package org.contactsync.queue.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.contactsync.bounds.InEveryOrder;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.queue.message.PendingReplies.Pending;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;

/** Whatever comes at once for a request that waits: it is answered once, and its place is free again. */
class PendingRepliesConcurrencyTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final Owner OWNER = new Owner("issuer", "user");
    private static final Outcome DONE = answer(200);
    private static final Outcome ACCEPTED = answer(202);
    private static final Outcome REFUSED = answer(503);

    @Test
    void aReplyThatComesTwiceAndAWaitThatRunsOutAnswerOnce() {
        InEveryOrder.check(() -> new Waiting(false, 1) {
            @Override
            public List<Runnable> threads() {
                return List.of(
                        () -> replies.complete(reply(ONE, DONE, false)),
                        () -> replies.complete(reply(ONE, DONE, false)),
                        () -> request.outcome().complete(REFUSED));
            }

            @Override
            public void check() {
                checkAnsweredOnce();
                check(request.outcome().join() == DONE || request.outcome().join() == REFUSED);
            }
        });
    }

    @Test
    void aReplyThatComesWhenTheServiceStopsAnswersOnceAndAPromiseIsKept() {
        InEveryOrder.check(() -> new Waiting(true, 1) {
            @Override
            public List<Runnable> threads() {
                return List.of(() -> replies.complete(reply(ONE, ACCEPTED, true)), () -> replies.endAll(REFUSED));
            }

            @Override
            public void check() {
                Outcome answer = request.outcome().getNow(REFUSED);
                check(answer == REFUSED || answer == ACCEPTED);
                replies.endAll(REFUSED);
                check(request.outcome().isDone());
                check(replies.size() == 0);
                check(replies.freePlaces() == 1);
            }
        });
    }

    @Test
    void aReplyThatComesBeforeTheRequestIsReadyToWaitLosesNoPlace() {
        InEveryOrder.check(() -> new Waiting(false, 2) {
            private final AtomicReference<Optional<Pending>> second = new AtomicReference<>(Optional.empty());

            @Override
            public List<Runnable> threads() {
                return List.of(
                        () -> second.set(Optional.of(replies.add(OWNER, TWO, false, () -> {}))),
                        () -> replies.complete(reply(TWO, DONE, false)),
                        () -> replies.complete(reply(ONE, DONE, false)));
            }

            @Override
            public void check() {
                // Whether the second had its answer or still waits: a place is taken as long as somebody waits.
                check(replies.freePlaces() == 2 - replies.size());
                replies.complete(reply(TWO, DONE, false));
                check(Objects.requireNonNull(second.get())
                                .orElseThrow()
                                .outcome()
                                .join()
                        == DONE);
                checkAnsweredOnce();
            }
        });
    }

    @Test
    void neverMoreWaitThanThereArePlaces() {
        AtomicInteger refused = new AtomicInteger();
        InEveryOrder.check(() -> new Waiting(false, 2) {
            private final AtomicInteger added = new AtomicInteger();

            private Runnable adding(int number) {
                return () -> {
                    try {
                        replies.add(OWNER, new UUID(1, number), false, () -> {});
                        added.incrementAndGet();
                    } catch (ProblemException e) {
                        refused.incrementAndGet();
                    }
                };
            }

            @Override
            public List<Runnable> threads() {
                return List.of(adding(1), adding(2), () -> replies.complete(reply(ONE, DONE, false)));
            }

            @Override
            public void check() {
                check(added.get() >= 1 && replies.size() == added.get());
                check(replies.freePlaces() == 2 - added.get());
            }
        });
        assertThat(refused).as("one was refused in some order").hasPositiveValue();
    }

    @Test
    void aClientThatWaitsForTheEndGetsTheOutcomeAndNot202() {
        InEveryOrder.check(() -> new Waiting(true, 1) {
            @Override
            public List<Runnable> threads() {
                return List.of(
                        () -> replies.complete(reply(ONE, ACCEPTED, true)),
                        () -> replies.complete(reply(ONE, DONE, false)));
            }

            @Override
            public void check() {
                checkAnsweredOnce();
                check(request.outcome().join() == DONE);
            }
        });
    }

    /** The wait runs out just when the 202 comes: the task has its row, so nobody may be told that there was no room. */
    @Test
    void aWaitThatRunsOutAsTheTaskIsParkedIsAnswered202() {
        AtomicReference<Outcome> none = new AtomicReference<>(REFUSED);
        InEveryOrder.check(() -> new Waiting(true, 1) {
            private final AtomicReference<Outcome> told = new AtomicReference<>(none.get());

            @Override
            public List<Runnable> threads() {
                return List.of(
                        () -> replies.complete(reply(ONE, ACCEPTED, true)),
                        () -> told.set(request.outOfTime(step -> ACCEPTED)));
            }

            @Override
            public void check() {
                check(told.get() == ACCEPTED);
            }
        });
    }

    /** One request waits. */
    private abstract static class Waiting implements InEveryOrder.Scene {
        final AtomicInteger answered = new AtomicInteger();
        final PendingReplies replies;
        final WaitingRequest<String> request;

        Waiting(boolean untilDone, int places) {
            replies = new PendingReplies(new UserPlaces(places, places));
            request = WaitingRequest.start(replies, OWNER, ONE, untilDone, "step", () -> {});
            request.outcome().whenComplete((answer, failure) -> answered.incrementAndGet());
        }

        final void checkAnsweredOnce() {
            check(answered.get() == 1);
            check(replies.size() == 0);
            check(replies.freePlaces() >= 1);
        }

        /** A plain check: what an assertion library does would be tried in every order too. */
        static void check(boolean holds) {
            if (!holds) {
                throw new AssertionError("does not hold in this order");
            }
        }
    }

    private static Reply reply(UUID correlation, Outcome answer, boolean parked) {
        return new Reply(new ReplyTo("", correlation), answer, parked);
    }

    private static Outcome answer(int status) {
        return new Outcome.Told(new Answer(status, Optional.empty(), Optional.empty(), Optional.empty(), ""));
    }
}
