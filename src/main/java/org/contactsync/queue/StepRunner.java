package org.contactsync.queue;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;
import org.contactsync.sync.Replies;
import org.contactsync.sync.Replies.Next;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.StaleBookException;
import org.contactsync.sync.Step;
import org.jspecify.annotations.Nullable;

/**
 * Runs a step and what it asks for, each part in a transaction of its own. A transaction that fails has changed nothing;
 * its request is told, and the message is not needed again: what was promised is in the database. Thread-safe.
 */
@Dependent
public class StepRunner {
    private static final Logger LOG = System.getLogger(StepRunner.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Waiting tasks run after one message; a longer queue goes on with the sweeper's next message. */
    private static final int MOST_WAITING = 200;

    private final StepTransaction transaction;

    @Inject
    public StepRunner(StepTransaction transaction) {
        this.transaction = transaction;
    }

    /** @return what is to be sent, everything of it committed */
    List<Reply> run(Step step) {
        List<Reply> replies = new ArrayList<>();
        try {
            Replies result = transaction.run(step, false);
            if (result.next() == Next.EARLIER_FIRST) {
                runWaiting(step.owner(), replies);
                result = transaction.run(step, true);
            }
            replies.addAll(result.replies());
            if (result.next() == Next.RUN_WAITING) {
                runWaiting(step.owner(), replies);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "step failed: " + step.getClass().getSimpleName() + " task=" + step.task(), e);
            replies.add(new Reply(step.head().replyTo(), failed(e), false));
        }
        return replies;
    }

    private void runWaiting(Owner owner, List<Reply> replies) {
        for (int i = 0; i < MOST_WAITING; i++) {
            Replies result;
            try {
                result = transaction.runNextWaiting(owner);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "waiting task failed: owner=" + owner.key(), e);
                result = transaction.waitingFailed(owner);
            }
            replies.addAll(result.replies());
            if (result.next() != Next.RUN_WAITING) {
                return;
            }
        }
    }

    private static Answer failed(RuntimeException failure) {
        return isTransient(failure)
                ? Answer.refused(new Problem.Unavailable("the database did not answer in time", RETRY))
                : Answer.refused(new Problem.Plain(ProblemType.INTERNAL_ERROR, "the failure was logged"));
    }

    private static boolean isTransient(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof StaleBookException) {
                return true;
            }
        }
        return false;
    }
}
