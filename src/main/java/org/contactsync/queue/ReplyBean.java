package org.contactsync.queue;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import org.contactsync.log.FailureLog;

/** Takes the replies of this instance's requests. */
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
            pending.arrived(Messages.reply(message));
        } catch (JMSException | RuntimeException e) {
            // Its request gets its outcome from the database when its wait has run out.
            LOG.error("reply not readable", e);
        }
    }
}
