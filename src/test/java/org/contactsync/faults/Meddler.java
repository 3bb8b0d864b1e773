package org.contactsync.faults;

import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.contactsync.it.ExternalBroker;
import org.jspecify.annotations.Nullable;

/**
 * A client of the broker that takes part of the steps out of the queue and later puts them back: late, in another order, some
 * twice, some not at all, and some again that it had put back long ago. One thread at a time.
 */
final class Meddler implements AutoCloseable {
    private static final String QUEUE = "contacts.sync";
    private static final int MOST_KEPT = 300;

    private final ExternalBroker broker;
    private final Random random;
    private final List<Kept> old = new ArrayList<>();
    private final List<Kept> taken = Collections.synchronizedList(new ArrayList<>());
    private @Nullable Thread taking;
    private volatile boolean wanted;
    private int sent;

    /** A message as it was sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(String group, long sentAt, byte[] body) {}

    Meddler(ExternalBroker broker, Random random) {
        this.broker = broker;
        this.random = random;
    }

    /** Becomes a consumer like the instances' own: the broker gives it its share of the users. */
    void take() {
        wanted = true;
        Thread thread = new Thread(this::consume, "meddler");
        thread.setDaemon(true);
        thread.start();
        taking = thread;
    }

    /** Leaves, and puts messages back. */
    void giveBack() {
        wanted = false;
        Thread thread = taking;
        if (thread != null) {
            try {
                thread.join(30_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        List<Kept> back = new ArrayList<>();
        synchronized (taken) {
            for (Kept each : taken) {
                // Lost, once, or twice.
                int copies = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(2);
                back.addAll(Collections.nCopies(copies, each));
                old.add(each);
            }
            taken.clear();
        }
        for (int i = 0; i < 20 && !old.isEmpty(); i++) {
            back.add(old.get(random.nextInt(old.size())));
        }
        while (old.size() > MOST_KEPT) {
            old.remove(random.nextInt(old.size()));
        }
        Collections.shuffle(back, random);
        send(back);
    }

    /** How many messages it has put into the queue. */
    int sent() {
        return sent;
    }

    private void consume() {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext context = factory.createContext(ExternalBroker.USER, broker.password());
                JMSConsumer consumer = context.createConsumer(context.createQueue(QUEUE))) {
            while (wanted) {
                Message message = consumer.receive(100);
                if (message instanceof BytesMessage bytes) {
                    byte[] body = new byte[(int) bytes.getBodyLength()];
                    bytes.readBytes(body);
                    taken.add(new Kept(
                            bytes.getStringProperty("JMSXGroupID"), bytes.getLongProperty("sentAtMillis"), body));
                }
            }
        } catch (JMSException | JMSRuntimeException e) {
            // Another fault has come between; what was taken is lost, which is one more.
        }
    }

    private void send(List<Kept> messages) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext context = factory.createContext(ExternalBroker.USER, broker.password())) {
            for (Kept each : messages) {
                BytesMessage message = context.createBytesMessage();
                message.writeBytes(each.body());
                message.setStringProperty("JMSXGroupID", each.group());
                message.setLongProperty("sentAtMillis", each.sentAt());
                context.createProducer()
                        .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                        .send(context.createQueue(QUEUE), message);
                sent++;
            }
        } catch (JMSException | JMSRuntimeException e) {
            // As above.
        }
    }

    @Override
    public void close() {
        wanted = false;
    }
}
