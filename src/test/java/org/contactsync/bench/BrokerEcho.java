package org.contactsync.bench;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * The other floor: a step's message to a listener and an answer back, through an Artemis of the service's settings in this
 * process. One thread at a time.
 */
final class BrokerEcho implements AutoCloseable {
    private static final int SERVER_ID = 7;
    private static final int STEP_BYTES = 1_000;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final ActiveMQConnectionFactory factory;
    private final Connection connection;
    private final Session session;
    private final MessageProducer steps;
    private final SynchronousQueue<Message> answers = new SynchronousQueue<>();

    BrokerEcho() {
        try {
            Configuration configuration = new ConfigurationImpl();
            configuration.setPersistenceEnabled(false);
            configuration.setSecurityEnabled(false);
            configuration.setJMXManagementEnabled(false);
            configuration.addAcceptorConfiguration("vm", "vm://" + SERVER_ID);
            broker.setConfiguration(configuration);
            broker.start();
            factory = new ActiveMQConnectionFactory("vm://" + SERVER_ID);
            factory.setBlockOnNonDurableSend(true);
            connection = factory.createConnection();
            Session listening = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            Queue stepQueue = listening.createQueue("steps");
            Queue answerQueue = listening.createQueue("answers");
            MessageProducer replies = producer(listening, answerQueue);
            listening.createConsumer(stepQueue).setMessageListener(step -> echo(listening, replies, step));
            Session answering = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            answering.createConsumer(answerQueue).setMessageListener(this::arrived);
            session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            steps = producer(session, stepQueue);
            connection.start();
        } catch (Exception e) {
            throw new IllegalStateException("the broker of the floor did not start", e);
        }
    }

    /** Sends a message of a step's size and returns when its answer is here. */
    void roundTrip() throws JMSException, InterruptedException {
        BytesMessage step = session.createBytesMessage();
        step.writeBytes(new byte[STEP_BYTES]);
        step.setStringProperty("JMSXGroupID", "user");
        steps.send(step);
        if (answers.poll(10, TimeUnit.SECONDS) == null) {
            throw new IllegalStateException("no answer from the broker of the floor");
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
            factory.close();
            broker.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void echo(Session session, MessageProducer replies, Message step) {
        try {
            byte[] body = new byte[(int) ((BytesMessage) step).getBodyLength()];
            ((BytesMessage) step).readBytes(body);
            replies.send(session.createTextMessage("{\"state\":\"done\"}"));
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private void arrived(Message answer) {
        try {
            answers.put(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MessageProducer producer(Session session, Queue queue) throws JMSException {
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        return producer;
    }
}
