package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.contactsync.log.FailureLog;
import org.contactsync.settings.Settings;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.ReplyTo;

/**
 * The way of a reply to its request: at once when the request waits in this instance, otherwise over the reply queue of the
 * instance that has it. Thread-safe.
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

    /** Where this instance's replies come to, for a request by its id, which no other request has. */
    ReplyTo to(UUID request) {
        return new ReplyTo("contacts.reply." + settings.instance(), request);
    }

    /** Brings a reply whose outcome is committed to its request; when it does not arrive, the request finds the outcome in the database. */
    void deliver(Reply reply) {
        if (reply.to().queue().isEmpty() || pending.arrived(reply)) {
            return;
        }
        try {
            messages.send(reply);
        } catch (RuntimeException e) {
            LOG.warning("reply not sent", "request=" + reply.to().correlation(), e);
        }
    }
}
