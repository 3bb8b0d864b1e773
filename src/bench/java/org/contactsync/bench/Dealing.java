package org.contactsync.bench;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.contactsync.it.ExternalBroker;

/**
 * Instances and clients on a broker, without the service: an instance is a number of sessions, each with a connection of its own,
 * that take a while for each message; a client sends a message of its user's group and waits until it was worked on. One thread at a
 * time.
 */
final class Dealing implements AutoCloseable {
    private static final String QUEUE = "contacts.sync";
    private static final int STEP_BYTES = 1_000;
    private static final long WORK_MILLIS = 2;
    private static final int USERS_OF_A_CONNECTION = 50;
    private static final Duration LOST = Duration.ofSeconds(20);

    private final ActiveMQConnectionFactory factory;
    private final List<Connection> connections = new ArrayList<>();
    private final Map<Long, CountDownLatch> underWay = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final LongAdder done = new LongAdder();
    private final AtomicBoolean hang = new AtomicBoolean();
    private final Duration hangs;
    private final List<Thread> clients = new ArrayList<>();
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private volatile boolean ended;

    private record Sent(long at, long took) {}

    /**
     * @param window of a consumer, in bytes
     * @param hangs how long the message stands still that meets {@link #hangOnce}
     */
    Dealing(ExternalBroker broker, int window, Duration hangs) {
        factory = new ActiveMQConnectionFactory(broker.url(), ExternalBroker.USER, broker.password());
        factory.setConsumerWindowSize(window);
        factory.setBlockOnNonDurableSend(true);
        this.hangs = hangs;
    }

    /** What an instance has worked on, by session. */
    record Instance(List<LongAdder> sessions) {
        long done() {
            return sessions.stream().mapToLong(LongAdder::sum).sum();
        }

        /** What its busiest session has worked on. */
        long most() {
            return sessions.stream().mapToLong(LongAdder::sum).max().orElse(0);
        }
    }

    Instance join(int sessions) throws JMSException {
        List<LongAdder> counts = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            LongAdder count = new LongAdder();
            counts.add(count);
            Connection connection = connect();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            session.createConsumer(session.createQueue(QUEUE)).setMessageListener(message -> work(message, count));
            connection.start();
        }
        return new Instance(counts);
    }

    /** Has one of the next messages stand still. */
    void hangOnce() {
        hang.set(true);
    }

    /** How many messages were worked on. */
    long done() {
        return done.sum();
    }

    private void work(Message message, LongAdder count) {
        try {
            boolean still = hang.compareAndSet(true, false);
            Thread.sleep(still ? hangs.toMillis() : WORK_MILLIS);
            count.increment();
            done.increment();
            CountDownLatch waits = underWay.remove(message.getLongProperty("number"));
            if (waits != null) {
                waits.countDown();
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Connection connect() throws JMSException {
        Connection connection = factory.createConnection();
        connections.add(connection);
        return connection;
    }

    /** Starts a client for each user, which sends again a while after its message was worked on. */
    void start(int users, Duration pause) throws JMSException {
        Connection shared = connect();
        for (int i = 0; i < users; i++) {
            if (i % USERS_OF_A_CONNECTION == 0) {
                shared = connect();
            }
            Session session = shared.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            String group = "user-" + i;
            long first = pause.toMillis() * i / users;
            Thread thread = new Thread(() -> send(session, producer, group, first, pause), group);
            clients.add(thread);
            thread.start();
        }
    }

    /** How long messages took that were sent and worked on from {@code start} to {@code end} of the nanosecond clock. */
    Timings between(long start, long end) {
        Timings timings = new Timings();
        sent.stream()
                .filter(each -> each.at() >= start && each.at() + each.took() <= end)
                .forEach(each -> timings.add(each.took()));
        return timings;
    }

    private void send(Session session, MessageProducer producer, String group, long first, Duration pause) {
        try {
            Thread.sleep(first);
            while (!ended) {
                long start = System.nanoTime();
                long number = numbers.incrementAndGet();
                CountDownLatch waits = new CountDownLatch(1);
                underWay.put(number, waits);
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(new byte[STEP_BYTES]);
                message.setStringProperty("JMSXGroupID", group);
                message.setLongProperty("number", number);
                producer.send(message);
                if (!waits.await(LOST.toMillis(), TimeUnit.MILLISECONDS)) {
                    failure.compareAndSet(null, new IllegalStateException("no work on a message in " + LOST));
                    return;
                }
                sent.add(new Sent(start, System.nanoTime() - start));
                Thread.sleep(pause.toMillis());
            }
        } catch (JMSException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws JMSException {
        ended = true;
        try {
            for (Thread each : clients) {
                each.join(LOST.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Connection each : connections) {
            each.close();
        }
        factory.close();
        Optional.ofNullable(failure.get()).ifPresent(e -> {
            throw new IllegalStateException("a client failed", e);
        });
    }
}
