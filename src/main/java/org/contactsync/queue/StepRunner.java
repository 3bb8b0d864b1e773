package org.contactsync.queue;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;
import org.contactsync.sync.BookBusyException;
import org.contactsync.sync.Replies;
import org.contactsync.sync.Replies.Next;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.Step;
import org.contactsync.sync.WaitingTaskException;

/**
 * Runs a step and what it asks for, each part in a transaction of its own. A transaction that fails has changed nothing;
 * its request is told, and the message is not needed again: what was promised is in the database. Thread-safe.
 */
@Dependent
public class StepRunner {
    private static final FailureLog LOG = FailureLog.of(StepRunner.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Waiting tasks run after one message; a longer queue goes on with the sweeper's next message. */
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
     * Runs a step at once, or aside when it would hold up other users: somebody else has its book (another instance that was stopped
     * in the middle, an operator's session), it is long, or earlier tasks come first. Steps that nobody was answered yet have no
     * order among each other.
     *
     * @param committed told each answer as soon as what it says is committed; from another thread when the step ran aside
     */
    void run(Step step, Consumer<Reply> committed) {
        if (step instanceof Step.RunWaiting
                && aside.run(step.owner(), () -> run(step, committed, () -> transaction.run(step, false)))) {
            return;
        }
        Replies result;
        try {
            result = transaction.runNow(step);
        } catch (BookBusyException e) {
            if (!(step instanceof Step.RunWaiting)) {
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
                if (!aside.run(step.owner(), () -> runWaiting(step.owner(), committed))) {
                    runWaiting(step.owner(), committed);
                }
            }
            case NOTHING -> result.replies().forEach(committed);
        }
    }

    private void moveAside(Step step, Consumer<Reply> committed, Supplier<Replies> first) {
        if (!aside.run(step.owner(), () -> run(step, committed, first))) {
            committed.accept(new Reply(step.head().replyTo(), busy(), false));
        }
    }

    /** Runs a step and what it asks for, on a thread that holds up nobody. */
    private void run(Step step, Consumer<Reply> committed, Supplier<Replies> first) {
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

    private void refuse(Step step, Consumer<Reply> committed, RuntimeException failure) {
        LOG.error("step failed", context(step), failure);
        committed.accept(new Reply(step.head().replyTo(), failed(failure), false));
    }

    /** Runs what waits until nothing may run; what fails is tried again later, at the latest by the sweeper. */
    private void runWaiting(Owner owner, Consumer<Reply> committed) {
        for (int i = 0; i < MOST_WAITING; i++) {
            Replies result;
            try {
                result = nextWaiting(owner);
            } catch (RuntimeException e) {
                LOG.error("waiting tasks not run", "owner=" + owner.key(), e);
                return;
            }
            result.replies().forEach(committed);
            if (result.next() != Next.RUN_WAITING) {
                return;
            }
        }
    }

    /** A database that is away is no attempt of the task's own. */
    private Replies nextWaiting(Owner owner) {
        try {
            return transaction.runNextWaiting(owner);
        } catch (WaitingTaskException e) {
            if (TransientFailure.is(e)) {
                throw e;
            }
            LOG.error("attempt failed", "task=" + e.task() + " owner=" + owner.key(), e);
            return transaction.waitingFailed(owner, e.task());
        }
    }

    private static String context(Step step) {
        return "step=" + step.getClass().getSimpleName() + " task=" + step.task() + " owner="
                + step.owner().key() + " request=" + step.head().replyTo().correlation();
    }

    private static Outcome busy() {
        return new Refused(new Problem.Unavailable("the book is in use; repeat the request", RETRY));
    }

    private Outcome failed(RuntimeException failure) {
        if (stopping.now()) {
            return new Refused(Stopping.problem());
        }
        return TransientFailure.is(failure)
                ? new Refused(Problem.Unavailable.databaseLate(RETRY))
                : new Refused(new Problem.Plain(ProblemType.INTERNAL_ERROR, "the failure was logged"));
    }
}
