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
 * Events as messages to all instances. They are not persistent and end soon: a subscriber that must not miss anything asks the
 * database. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class EventMessages {
    /** Whoever does not take it by then finds out by itself. */
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

    /** Whether there may be other instances: one with a broker of its own is alone. */
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
     * What another instance sent; nothing when it was this one.
     *
     * @throws IllegalArgumentException when the message is not one of ours, or of a version that this one does not know
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
