package org.contactsync.queue;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.GivenUpTasks.Owned;

/** What an operator does with tasks that were given up. In the database first; a message that is lost is sent by the sweeper. */
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

    /** Makes the task wait again, and has it run. */
    public Owned retry(TaskId task) {
        Owned owned = transaction.retryGivenUp(task);
        wake(owned.owner());
        return owned;
    }

    /** Ends the task for good; what waited behind it may run. */
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
            LOG.warning("not woken, the sweeper will", "owner=" + owner.key(), e);
        }
    }
}
