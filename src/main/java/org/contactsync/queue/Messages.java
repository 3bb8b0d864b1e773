package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.json.Answers;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.ReplyTo;
import org.contactsync.sync.Step;
import org.contactsync.sync.StepCodec;

/**
 * Steps and replies as JMS messages. They are not persistent: what must not be lost is in the database. Thread-safe.
 *
 * <pre>
 *   step:  bytes of StepCodec;      JMSXGroupID = the owner's key, sentAtMillis
 *   reply: text, the answer's body; JMSCorrelationID, status, parked, checkCode?, task?, retrySeconds?
 * </pre>
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Messages {
    /**
     * Half of the time that a task's row is kept: what comes again finds its row. The time of its end is written by the sender's
     * clock and read by the broker's, which may differ by less than this.
     */
    private static final Duration MESSAGE_LIFE = Duration.ofHours(12);

    private static final String SENT_AT = "sentAtMillis";

    @Resource(lookup = "jms/connectionFactory")
    private ConnectionFactory factory;

    @Resource(lookup = "jms/syncQueue")
    private Queue syncQueue;

    private final StepCodec codec = new StepCodec();

    /**
     * A session of the pool, for one message. Not a {@code JMSContext}: to open one, Artemis' adapter takes a session twice, the first
     * time only to see whether the user may.
     */
    private static final class Sender implements AutoCloseable {
        private final Connection connection;
        private final Session session;

        Sender(ConnectionFactory factory) throws JMSException {
            connection = factory.createConnection();
            try {
                session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            } catch (JMSException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }

        Session session() {
            return session;
        }

        void send(Destination to, Message message) throws JMSException {
            MessageProducer producer = session.createProducer(to);
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            producer.setTimeToLive(MESSAGE_LIFE.toMillis());
            producer.send(message);
        }

        /** Its session and producer too. */
        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }

    /** A step as it came, with the time it was sent. */
    record Received(Step step, long sentAtMillis) {}

    /**
     * Sends a step into its owner's group.
     *
     * @throws JMSRuntimeException when the broker does not take it
     */
    void send(Step step, long nowMillis) {
        try (Sender sender = new Sender(factory)) {
            BytesMessage message = sender.session().createBytesMessage();
            message.writeBytes(codec.write(step));
            message.setStringProperty("JMSXGroupID", step.owner().key());
            message.setLongProperty(SENT_AT, nowMillis);
            sender.send(syncQueue, message);
        } catch (JMSException e) {
            throw new JMSRuntimeException("step not sent", e.getErrorCode(), e);
        }
    }

    /** @throws IllegalArgumentException when the message is not a step of ours */
    Received receive(Message message) throws JMSException {
        if (!(message instanceof BytesMessage bytes)) {
            throw new IllegalArgumentException("not a bytes message");
        }
        byte[] body = new byte[(int) bytes.getBodyLength()];
        bytes.readBytes(body);
        return new Received(codec.read(body), bytes.getLongProperty(SENT_AT));
    }

    /**
     * Sends the answer to the instance that has the request.
     *
     * @throws JMSRuntimeException when the broker does not take it
     */
    void send(Reply reply) {
        Answer answer = Answers.of(reply.outcome());
        try (Sender sender = new Sender(factory)) {
            TextMessage message = sender.session().createTextMessage(answer.body());
            message.setJMSCorrelationID(reply.to().correlation().toString());
            message.setIntProperty("status", answer.status());
            message.setBooleanProperty("parked", reply.parked());
            if (answer.checkCode().isPresent()) {
                message.setStringProperty("checkCode", answer.checkCode().get().value());
            }
            if (answer.task().isPresent()) {
                message.setStringProperty("task", answer.task().get().toString());
            }
            if (answer.retryAfter().isPresent()) {
                message.setLongProperty(
                        "retrySeconds", answer.retryAfter().get().toSeconds());
            }
            sender.send(sender.session().createQueue(reply.to().queue()), message);
        } catch (JMSException e) {
            throw new JMSRuntimeException("reply not sent", e.getErrorCode(), e);
        }
    }

    static Reply reply(Message message) throws JMSException {
        Answer answer = new Answer(
                message.getIntProperty("status"),
                Optional.ofNullable(message.getStringProperty("checkCode")).map(CheckCode::new),
                Optional.ofNullable(message.getStringProperty("task")).flatMap(TaskId::parse),
                message.propertyExists("retrySeconds")
                        ? Optional.of(Duration.ofSeconds(message.getLongProperty("retrySeconds")))
                        : Optional.empty(),
                Optional.ofNullable(message.getBody(String.class)).orElse(""));
        // Where it came to is this instance's queue; only the correlation matters here.
        ReplyTo to = new ReplyTo("", UUID.fromString(message.getJMSCorrelationID()));
        return new Reply(to, new Outcome.Told(answer), message.getBooleanProperty("parked"));
    }
}
