package org.contactsync.queue.event;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.time.Duration;
import java.util.List;
import org.contactsync.settings.Settings;
import org.contactsync.sync.event.BookEvent;

/**
 * Sends events to all instances as messages. The messages are not persistent and expire soon: a subscriber that must not miss an
 * event also asks the database. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class EventMessages {
    /** How long a message lives. Subscribers ask the database more often than that. */
    private static final Duration LIFE = Duration.ofSeconds(30);

    private static final String SENDER = "instance";

    @Resource(lookup = "jms/connectionFactory")
    private ConnectionFactory factory;

    @Resource(lookup = "jms/changedTopic")
    private Topic topic;

    private final EventCodec codec = new EventCodec();
    private Settings settings;

    /** For the container's proxy. */
    protected EventMessages() {}

    @Inject
    public EventMessages(Settings settings) {
        this.settings = settings;
    }

    /** Whether other instances may exist. An instance with an embedded broker has none. */
    boolean mayReachOthers() {
        return settings.sharesBroker();
    }

    /**
     * Sends events to the other instances.
     *
     * @throws JMSRuntimeException when the broker does not take them
     */
    void send(List<BookEvent> events) {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(codec.write(events));
            message.setStringProperty(SENDER, settings.instance());
            MessageProducer producer = session.createProducer(topic);
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            producer.setTimeToLive(LIFE.toMillis());
            producer.send(message);
        } catch (JMSException e) {
            throw new JMSRuntimeException("events not sent", e.getErrorCode(), e);
        }
    }

    /**
     * Reads the events of a message; none if this instance sent it.
     *
     * @throws IllegalArgumentException if the message does not contain events, or has an unknown version
     */
    List<BookEvent> receive(Message message) throws JMSException {
        if (settings.instance().equals(message.getStringProperty(SENDER))) {
            return List.of();
        }
        if (!(message instanceof BytesMessage bytes)) {
            throw new IllegalArgumentException("not a bytes message");
        }
        byte[] body = new byte[(int) bytes.getBodyLength()];
        bytes.readBytes(body);
        return codec.read(body);
    }
}
