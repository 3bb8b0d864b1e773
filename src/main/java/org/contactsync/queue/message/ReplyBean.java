package org.contactsync.queue.message;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import org.contactsync.log.FailureLog;

/** Receives the replies to this instance's requests. */
@MessageDriven
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@SuppressWarnings("NullAway.Init") // filled by the container
public class ReplyBean implements MessageListener {
    private static final FailureLog LOG = FailureLog.of(ReplyBean.class);

    @Inject
    private PendingReplies pending;

    @Override
    public void onMessage(Message message) {
        try {
            pending.complete(Messages.reply(message));
        } catch (JMSException | RuntimeException e) {
            // The request reads its outcome from the database when its wait expires.
            LOG.error("reply not readable", e);
        }
    }
}
