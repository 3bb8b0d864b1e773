package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.Stopping;
import org.contactsync.queue.upkeep.Sweeper;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Next;

/**
 * Ends uploads that this instance fills itself. Not by a message: the broker accepts none once the service stops. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class UploadEnds {
    private static final FailureLog LOG = FailureLog.of(UploadEnds.class);

    private StepTransaction transaction;
    private Messages messages;
    private Stopping stopping;
    private Clock clock;

    /** For the container's proxy. */
    protected UploadEnds() {}

    @Inject
    public UploadEnds(StepTransaction transaction, Messages messages, Stopping stopping, Clock clock) {
        this.transaction = transaction;
        this.messages = messages;
        this.stopping = stopping;
        this.clock = clock;
    }

    /** Whether this instance has been asked to stop, and whatever it fills has to end. */
    public boolean stopping() {
        return stopping.now();
    }

    /** Has something run, once, when this instance is asked to stop. */
    public void whenStopping(Runnable work) {
        stopping.whenStopping(work);
    }

    /** Ends an upload, or answers what it has ended with already. Throws when the database cannot be written. */
    public Outcome end(Step.Head head, TaskState state, Outcome kept) {
        return ended(head, transaction.endUpload(head, state, kept));
    }

    /** The same for an upload that may not be open yet: it is not opened any more. */
    public Outcome endUnopened(Step.OpenUpload step, TaskState state, Outcome kept) {
        return ended(step.head(), transaction.endUnopened(step, state, kept));
    }

    private Outcome ended(Step.Head head, Replies replies) {
        if (replies.next() == Next.RUN_WAITING && !stopping.now()) {
            try {
                messages.send(Sweeper.wake(head.owner(), head.device(), clock.instant()), clock.millis());
            } catch (RuntimeException e) {
                // Left to the sweeper.
                LOG.warning("waiting tasks not woken", "owner=" + head.owner().key(), e);
            }
        }
        return replies.replies().get(0).outcome();
    }
}
