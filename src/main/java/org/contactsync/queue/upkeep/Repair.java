package org.contactsync.queue.upkeep;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.task.GivenUpTasks.Owned;

/**
 * An operator's actions on tasks that were given up. They change the database first; if a message is lost, the sweeper
 * sends another.
 */
@Dependent
public class Repair {
    private static final FailureLog LOG = FailureLog.of(Repair.class);

    private final StepTransaction transaction;
    private final Messages messages;
    private final Clock clock;

    @Inject
    public Repair(StepTransaction transaction, Messages messages, Clock clock) {
        this.transaction = transaction;
        this.messages = messages;
        this.clock = clock;
    }

    /** Makes the task wait again, and sends a message that runs it. */
    public Owned retry(TaskId task) {
        Owned owned = transaction.retryGivenUp(task);
        wake(owned.owner());
        return owned;
    }

    /** Ends the task for good; the tasks behind it may run. */
    public Owned drop(TaskId task) {
        Owned owned = transaction.dropGivenUp(task);
        wake(owned.owner());
        return owned;
    }

    private void wake(Owner owner) {
        try {
            Instant now = clock.instant();
            messages.send(Sweeper.wake(owner, now), now.toEpochMilli());
        } catch (RuntimeException e) {
            LOG.warning("wake-up message not sent; the sweeper will send another", "owner=" + owner.key(), e);
        }
    }
}
