package org.contactsync.queue.event;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import org.contactsync.log.FailureLog;

/** Receives the events of other instances. */
@MessageDriven
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@SuppressWarnings("NullAway.Init") // filled by the container
public class ChangedBean implements MessageListener {
    private static final FailureLog LOG = FailureLog.of(ChangedBean.class);

    @Inject
    private EventMessages messages;

    @Inject
    private BookEvents events;

    @Override
    public void onMessage(Message message) {
        try {
            events.arrived(messages.receive(message));
        } catch (JMSException | RuntimeException e) {
            // A second delivery would fail too. Subscribers also ask the database, so nothing is lost.
            LOG.warning("events not readable", e);
        }
    }
}
