package org.contactsync.bench;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.contactsync.it.ExternalBroker;
import org.jspecify.annotations.Nullable;

/**
 * The other floor: a step's message in a group to a listener, and an answer back, through a broker: one of this process with the
 * settings of the service's own, or the external one over TLS. Thread-safe, but for its clients.
 */
final class BrokerFloor implements AutoCloseable {
    private static final int SERVER_ID = 7;
    private static final int STEP_BYTES = 1_000;
    private static final String STEPS = "floor.steps";
    private static final String ANSWERS = "floor.answers.";

    private final @Nullable EmbeddedActiveMQ own;
    private final ActiveMQConnectionFactory factory;
    private final Connection connection;
    private final AtomicInteger clients = new AtomicInteger();

    private BrokerFloor(@Nullable EmbeddedActiveMQ own, ActiveMQConnectionFactory factory, int listeners) {
        this.own = own;
        this.factory = factory;
        factory.setBlockOnNonDurableSend(true);
        try {
            connection = factory.createConnection();
            for (int i = 0; i < listeners; i++) {
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                MessageProducer replies = session.createProducer(null);
                replies.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
                session.createConsumer(session.createQueue(STEPS))
                        .setMessageListener(step -> echo(session, replies, step));
            }
            connection.start();
        } catch (JMSException e) {
            throw new IllegalStateException("no floor of the broker", e);
        }
    }

    /** Through a broker of this process. */
    static BrokerFloor inside(int listeners) {
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        try {
            Configuration configuration = new ConfigurationImpl();
            configuration.setPersistenceEnabled(false);
            configuration.setSecurityEnabled(false);
            configuration.setJMXManagementEnabled(false);
            configuration.addAcceptorConfiguration("vm", "vm://" + SERVER_ID);
            broker.setConfiguration(configuration);
            broker.start();
            return new BrokerFloor(broker, new ActiveMQConnectionFactory("vm://" + SERVER_ID), listeners);
        } catch (Exception e) {
            throw new IllegalStateException("the broker of the floor did not start", e);
        }
    }

    /** Through the broker that the service uses, with queues of its own. */
    static BrokerFloor through(ExternalBroker broker, int listeners) {
        return new BrokerFloor(
                null,
                new ActiveMQConnectionFactory(broker.url(), ExternalBroker.OPERATOR, broker.password()),
                listeners);
    }

    /** Makes round trips, each when the last one is back. One thread at a time. */
    final class Client implements Load.Worker {
        private final Session session;
        private final MessageProducer steps;
        private final Queue answers;
        private final String group;
        private final BlockingQueue<Message> arrived = new ArrayBlockingQueue<>(1);

        private Client(int number) {
            try {
                session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                steps = session.createProducer(session.createQueue(STEPS));
                steps.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
                answers = session.createQueue(ANSWERS + number);
                group = "user-" + number;
                // A session of its own: with a listener, only its thread may use one.
                connection
                        .createSession(Session.AUTO_ACKNOWLEDGE)
                        .createConsumer(answers)
                        .setMessageListener(arrived::add);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Sends a message of a step's size and returns when its answer is here. */
        @Override
        public boolean once() throws JMSException, InterruptedException {
            BytesMessage step = session.createBytesMessage();
            step.writeBytes(new byte[STEP_BYTES]);
            step.setStringProperty("JMSXGroupID", group);
            step.setJMSReplyTo(answers);
            steps.send(step);
            if (arrived.poll(10, TimeUnit.SECONDS) == null) {
                throw new IllegalStateException("no answer through the broker");
            }
            return true;
        }

        /** Its sessions end with the connection. */
        @Override
        public void close() {}
    }

    Client client() {
        return new Client(clients.incrementAndGet());
    }

    @Override
    public void close() {
        try {
            connection.close();
            factory.close();
            EmbeddedActiveMQ broker = own;
            if (broker != null) {
                broker.stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void echo(Session session, MessageProducer replies, Message step) {
        try {
            byte[] body = new byte[(int) ((BytesMessage) step).getBodyLength()];
            ((BytesMessage) step).readBytes(body);
            replies.send(step.getJMSReplyTo(), session.createTextMessage("{\"state\":\"done\"}"));
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
