package org.contactsync.queue.work;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.message.SentSteps;
import org.contactsync.queue.message.Stopping;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.step.Series;
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
    private final SentSteps sent;
    private final CommitGroups groups;

    @Inject
    public StepRunner(
            StepTransaction transaction, Aside aside, Stopping stopping, SentSteps sent, CommitGroups groups) {
        this.transaction = transaction;
        this.aside = aside;
        this.stopping = stopping;
        this.sent = sent;
        this.groups = groups;
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
            result = runNow(step);
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
        finish(step, result, committed);
    }

    /** Together with steps of other owners, if some wait. */
    private Replies runNow(Step step) {
        return step.asApplyChanges().flatMap(groups::run).orElseGet(() -> transaction.runIfUnlocked(step));
    }

    /**
     * Runs the steps of a series in one transaction. When that fails, or the book is locked elsewhere, the first one runs alone, and each of
     * the others when its message comes.
     *
     * @return how many steps ran; 1 if the first one ran alone
     */
    public int runTogether(Series series, StepOutlet committed) {
        List<Replies> results;
        try {
            results = transaction.runSeriesIfUnlocked(series);
        } catch (BookBusyException | StaleBookException e) {
            // A step may have been run before, which it finds out when it runs alone.
            run(series.first(), committed);
            return 1;
        } catch (RuntimeException e) {
            if (TransientFailure.is(e)) {
                refuse(series.first(), committed, e);
            } else {
                LOG.warning("steps not run together", context(series.first()), e);
                run(series.first(), committed);
            }
            return 1;
        }
        if (results.size() == 1) {
            finish(series.first(), results.get(0), committed);
            return 1;
        }
        sent.haveRun(series.steps().subList(1, results.size()));
        results.forEach(each -> each.replies().forEach(committed));
        return results.size();
    }

    /** Sends the replies of a step, and has the work done that it triggers. */
    private void finish(Step step, Replies result, StepOutlet committed) {
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
