package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Clock;
import java.time.Duration;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.Messages.Received;
import org.contactsync.queue.message.ReplyRoute;
import org.contactsync.queue.upkeep.Sweeper;
import org.contactsync.sync.step.NewerStepException;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Passes steps of a newer version on to another instance. During an update the broker gives a user's group to any instance.
 * A message that this instance cannot read is sent again under another group, which the broker gives to another session,
 * until it reaches an instance that can read it. No promise depends on that: accepted tasks wait in the database.
 * Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Handover {
    private static final FailureLog LOG = FailureLog.of(Handover.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /**
     * Four seconds in total; an upload request waits for 30. If one instance of five can read the step, it gets there in
     * five of six cases.
     */
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

    /** Sends a message on, unchanged; after its last turn the request is answered 503, to be repeated. */
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
     * Makes another instance run the waiting tasks of an owner. Only messages without a waiting request are passed on in
     * this way: a user's requests must not multiply, and the sweeper sends such a message every few seconds while tasks
     * wait.
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
