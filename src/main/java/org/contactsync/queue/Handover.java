package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Clock;
import java.time.Duration;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.UnavailableReason;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.Messages.Received;
import org.contactsync.queue.message.ReplyRoute;
import org.contactsync.queue.upkeep.Sweeper;
import org.contactsync.sync.step.NewerStepException;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Leaves to another instance what a newer version wrote. During an update the broker gives a user's group to any instance; a
 * message that this one cannot read is sent again under another group, which the broker gives to another session, until an instance
 * has it that can read it. Nothing promised depends on that: what was accepted waits in the database. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Handover {
    private static final FailureLog LOG = FailureLog.of(Handover.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Together four seconds: a request of an upload waits for 30, and one instance of five can read it in five of six cases. */
    static final int MOST_TURNS = 8;

    private Messages messages;
    private ReplyRoute replies;
    private Clock clock;

    /** For the container's proxy. */
    protected Handover() {}

    @Inject
    public Handover(Messages messages, ReplyRoute replies, Clock clock) {
        this.messages = messages;
        this.replies = replies;
        this.clock = clock;
    }

    /** Sends a message on, unchanged; after its last turn its request is told to repeat. */
    void passOn(Message message, NewerStepException newer) {
        Step.Head head = newer.head();
        String context = "task=" + head.task() + " owner=" + head.owner().key() + " request="
                + head.replyTo().correlation();
        try {
            int turn = Messages.turn(message);
            if (turn < MOST_TURNS) {
                messages.passOn(message, head.owner(), turn + 1);
                return;
            }
            LOG.warning("step of a newer version not run", context, newer);
        } catch (JMSException | RuntimeException e) {
            LOG.warning("step of a newer version not passed on", context, e);
        }
        Problem away = new Problem.Unavailable(UnavailableReason.UPDATING, RETRY);
        replies.deliver(new Reply(head.replyTo(), new Refused(away), false));
    }

    /**
     * Has another instance run what waits of an owner. Only a message that nobody's request is behind goes on like that: a user's
     * requests must not multiply, and the sweeper sends such a message every few seconds as long as something waits.
     */
    void wakeAnother(Received received) {
        Owner owner = received.step().owner();
        if (received.step().kind().hasRequest() || received.turn() >= MOST_TURNS) {
            return;
        }
        try {
            messages.send(Sweeper.wake(owner, clock.instant()), clock.millis(), received.turn() + 1);
        } catch (RuntimeException e) {
            LOG.warning("waiting task of a newer version not passed on", "owner=" + owner.key(), e);
        }
    }
}
