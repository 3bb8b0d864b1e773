package org.contactsync.queue.message;

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
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Converts steps and replies to JMS messages and back. The messages are not persistent: everything that must not be lost is
 * in the database. Thread-safe.
 *
 * <pre>
 *   step:  bytes of StepCodec;      JMSXGroupID = the owner's key, sentAtMillis;
 *                                   passed on (Handover): JMSXGroupID = the owner's key ~ turn, turn
 *   reply: text, the answer's body; JMSCorrelationID, status, parked, checkCode?, task?, retrySeconds?
 * </pre>
 *
 * <p>Instances of two adjacent versions exchange these messages: a property may be added, but readers must work without it;
 * none changes its name or meaning (decision 30).
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Messages {
    /**
     * Half of the time that a task's row is kept, so that a redelivered message finds its row. The sender's clock sets the
     * time of expiry and the broker's clock reads it; they must differ by less than this.
     */
    private static final Duration MESSAGE_LIFE = Duration.ofHours(12);

    private static final String SENT_AT = "sentAtMillis";
    private static final String GROUP = "JMSXGroupID";
    private static final String TURN = "turn";

    /**
     * Delay before a passed-on message is delivered; doubled at each turn, so that it does not circulate without a pause.
     */
    private static final Duration FIRST_REST = Duration.ofMillis(50);

    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    @Resource(lookup = "jms/connectionFactory")
    private ConnectionFactory factory;

    @Resource(lookup = "jms/syncQueue")
    private Queue syncQueue;

    private final StepCodec codec = new StepCodec();

    /**
     * A pooled session, for one message. Not a {@code JMSContext}: to open one, Artemis' adapter opens a session twice, the
     * first time only to validate the user.
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
            send(to, message, Duration.ZERO);
        }

        void send(Destination to, Message message, Duration rest) throws JMSException {
            MessageProducer producer = session.createProducer(to);
            if (!rest.isZero()) {
                producer.setDeliveryDelay(rest.toMillis());
            }
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            producer.setTimeToLive(MESSAGE_LIFE.toMillis());
            producer.send(message);
        }

        /** Also closes the session and the producer. */
        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }

    /**
     * A received step, with the time when it was sent.
     *
     * @param turn how often it was passed on
     */
    public record Received(Step step, long sentAtMillis, int turn) {}

    /**
     * Sends a step into its owner's group.
     *
     * @throws JMSRuntimeException if the broker does not accept it
     */
    public void send(Step step, long nowMillis) {
        send(step, nowMillis, 0);
    }

    /**
     * Sends a step, or passes it on.
     *
     * @param turn 0, or how often it was passed on: each time to another group
     * @throws JMSRuntimeException if the broker does not accept it
     */
    public void send(Step step, long nowMillis, int turn) {
        send(codec.write(step), step.owner(), nowMillis, turn);
    }

    /**
     * Sends a message on to another group, with its bytes unchanged.
     *
     * @throws JMSRuntimeException if the broker does not accept it
     */
    public void passOn(Message message, Owner owner, int turn) throws JMSException {
        send(bytes(message), owner, message.getLongProperty(SENT_AT), turn);
    }

    private void send(byte[] body, Owner owner, long sentAtMillis, int turn) {
        try (Sender sender = new Sender(factory)) {
            BytesMessage message = sender.session().createBytesMessage();
            message.writeBytes(body);
            message.setStringProperty(GROUP, turn == 0 ? owner.key() : owner.key() + "~" + turn);
            message.setLongProperty(SENT_AT, sentAtMillis);
            if (turn > 0) {
                message.setIntProperty(TURN, turn);
            }
            sender.send(syncQueue, message, rest(turn));
        } catch (JMSException e) {
            throw new JMSRuntimeException("step not sent", e.getErrorCode(), e);
        }
    }

    private static Duration rest(int turn) {
        if (turn == 0) {
            return Duration.ZERO;
        }
        Duration doubled = FIRST_REST.multipliedBy(1L << turn - 1);
        return doubled.compareTo(LONGEST_REST) < 0 ? doubled : LONGEST_REST;
    }

    /**
     * The step of a message.
     *
     * @throws org.contactsync.sync.step.NewerStepException if only a newer version can read it
     * @throws IllegalArgumentException if the message is not a step of this service
     */
    public Received receive(Message message) throws JMSException {
        return new Received(codec.read(bytes(message)), message.getLongProperty(SENT_AT), turn(message));
    }

    /** How often a message was passed on. */
    public static int turn(Message message) throws JMSException {
        return message.propertyExists(TURN) ? message.getIntProperty(TURN) : 0;
    }

    private static byte[] bytes(Message message) throws JMSException {
        if (!(message instanceof BytesMessage bytes)) {
            throw new IllegalArgumentException("not a bytes message");
        }
        bytes.reset();
        byte[] body = new byte[(int) bytes.getBodyLength()];
        bytes.readBytes(body);
        return body;
    }

    /**
     * Sends the answer to the instance that has the request.
     *
     * @throws JMSRuntimeException if the broker does not accept it
     */
    public void send(Reply reply) {
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
        // It arrived on this instance's own queue, so only the correlation matters.
        ReplyTo to = new ReplyTo("", UUID.fromString(message.getJMSCorrelationID()));
        return new Reply(to, new Outcome.Told(answer), message.getBooleanProperty("parked"));
    }
}
