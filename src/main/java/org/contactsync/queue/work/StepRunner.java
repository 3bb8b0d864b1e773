package org.contactsync.queue.work;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.Supplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.message.Stopping;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Next;
import org.contactsync.sync.task.Replies.Reply;
import org.contactsync.sync.waiting.WaitingTaskException;

/**
 * Runs a step and the work that it triggers, each part in its own transaction. A failed transaction has changed nothing;
 * its request is told so, and the message is not redelivered: everything promised is in the database. Thread-safe.
 */
@Dependent
public class StepRunner {
    private static final FailureLog LOG = FailureLog.of(StepRunner.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Waiting tasks run after one message; a longer queue continues with the sweeper's next message. */
    private static final int MOST_WAITING = 200;

    private final StepTransaction transaction;
    private final Aside aside;
    private final Stopping stopping;

    @Inject
    public StepRunner(StepTransaction transaction, Aside aside, Stopping stopping) {
        this.transaction = transaction;
        this.aside = aside;
        this.stopping = stopping;
    }

    /**
     * Runs a step at once, or in {@code Aside} if it would delay other users: its book is locked elsewhere (by a suspended
     * instance or an operator's session), it is long, or earlier tasks come first. Steps whose requests are still
     * unanswered are not ordered relative to each other.
     *
     * @param committed called from another thread if the step ran in {@code Aside}
     */
    public void run(Step step, StepOutlet committed) {
        if (!step.kind().hasRequest()
                && aside.submit(step.owner(), () -> runAside(step, committed, () -> transaction.run(step, false)))) {
            return;
        }
        Replies result;
        try {
            result = transaction.runIfUnlocked(step);
        } catch (BookBusyException e) {
            if (step.kind().hasRequest()) {
                moveAside(step, committed, () -> transaction.run(step, false));
            }
            // Otherwise the sweeper sends another.
            return;
        } catch (RuntimeException e) {
            refuse(step, committed, e);
            return;
        }
        switch (result.next()) {
            case LONG -> moveAside(step, committed, () -> transaction.run(step, false));
            case EARLIER_FIRST -> moveAside(step, committed, () -> result);
            case RUN_WAITING -> {
                result.replies().forEach(committed);
                if (!aside.submit(step.owner(), () -> runWaiting(step.owner(), committed))) {
                    runWaiting(step.owner(), committed);
                }
            }
            case ELSEWHERE, NOTHING -> result.replies().forEach(committed);
        }
    }

    private void moveAside(Step step, StepOutlet committed, Supplier<Replies> first) {
        if (!aside.submit(step.owner(), () -> runAside(step, committed, first))) {
            committed.accept(new Reply(step.head().replyTo(), busy(), false));
        }
    }

    /** Runs a step and the work that it triggers, on a thread that delays nobody. */
    private void runAside(Step step, StepOutlet committed, Supplier<Replies> first) {
        Replies result;
        try {
            result = first.get();
            if (result.next() == Next.EARLIER_FIRST) {
                runWaiting(step.owner(), committed);
                result = transaction.run(step, true);
            }
        } catch (RuntimeException e) {
            refuse(step, committed, e);
            return;
        }
        result.replies().forEach(committed);
        if (result.next() == Next.RUN_WAITING) {
            runWaiting(step.owner(), committed);
        }
    }

    private void refuse(Step step, StepOutlet committed, RuntimeException failure) {
        LOG.error("step failed", context(step), failure);
        committed.accept(new Reply(step.head().replyTo(), failed(failure), false));
    }

    /** Runs waiting tasks until none may run; failed ones are tried again later, at the latest by the sweeper. */
    private void runWaiting(Owner owner, StepOutlet committed) {
        for (int i = 0; i < MOST_WAITING; i++) {
            Replies result;
            try {
                result = runNextWaiting(owner);
            } catch (RuntimeException e) {
                LOG.error("waiting tasks not run", "owner=" + owner.key(), e);
                return;
            }
            result.replies().forEach(committed);
            if (result.next() == Next.ELSEWHERE) {
                committed.runElsewhere();
            }
            if (result.next() != Next.RUN_WAITING) {
                return;
            }
        }
    }

    /** An unavailable database does not count as an attempt of the task. */
    private Replies runNextWaiting(Owner owner) {
        try {
            return transaction.runNextWaiting(owner);
        } catch (WaitingTaskException e) {
            if (TransientFailure.is(e)) {
                throw e;
            }
            LOG.error("attempt failed", "task=" + e.task() + " owner=" + owner.key(), e);
            return transaction.countFailedAttempt(owner, e.task());
        }
    }

    private static String context(Step step) {
        return "step=" + step.getClass().getSimpleName() + " task=" + step.task() + " owner="
                + step.owner().key() + " request=" + step.head().replyTo().correlation();
    }

    private static Outcome busy() {
        return new Refused(new Problem.Unavailable(UnavailableReason.BOOK_IN_USE, RETRY));
    }

    private Outcome failed(RuntimeException failure) {
        if (stopping.now()) {
            return new Refused(Stopping.problem());
        }
        return TransientFailure.is(failure)
                ? new Refused(TransientFailure.problem(failure, RETRY))
                : new Refused(new Problem.Plain(ProblemType.INTERNAL_ERROR, "the failure was logged"));
    }
}
