package org.contactsync.queue.message;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.contactsync.log.FailureLog;
import org.contactsync.settings.Settings;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Delivers replies to their requests: directly if the request waits in this instance, otherwise through the reply queue of
 * the instance that has it. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class ReplyRoute {
    private static final FailureLog LOG = FailureLog.of(ReplyRoute.class);

    private PendingReplies pending;
    private Messages messages;
    private Settings settings;

    /** For the container's proxy. */
    protected ReplyRoute() {}

    @Inject
    public ReplyRoute(PendingReplies pending, Messages messages, Settings settings) {
        this.pending = pending;
        this.messages = messages;
        this.settings = settings;
    }

    /** The address of this instance's replies to one request; request ids are unique. */
    public ReplyTo to(UUID request) {
        return new ReplyTo("contacts.reply." + settings.instance(), request);
    }

    /**
     * Delivers a reply whose outcome is committed. If it does not arrive, the request finds the outcome in the database.
     */
    public void deliver(Reply reply) {
        if (reply.to().queue().isEmpty() || pending.complete(reply)) {
            return;
        }
        try {
            messages.send(reply);
        } catch (RuntimeException e) {
            LOG.warning("reply not sent", "request=" + reply.to().correlation(), e);
        }
    }
}
