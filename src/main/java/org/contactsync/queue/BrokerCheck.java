package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import org.jspecify.annotations.Nullable;

/** Finds out whether the broker answers. Thread-safe. */
@ApplicationScoped
public class BrokerCheck {
    private static final String SYNC_QUEUE = "contacts.sync";

    @Resource(lookup = "jms/connectionFactory")
    private @Nullable ConnectionFactory connectionFactory;

    /** For the container. */
    public BrokerCheck() {}

    /**
     * Asks the broker for a session; may wait as long as the connection factory's time-outs.
     *
     * @throws JMSRuntimeException when it does not answer
     */
    public void check() {
        ConnectionFactory factory = connectionFactory;
        if (factory == null) {
            throw new JMSRuntimeException("no connection factory");
        }
        try (JMSContext context = factory.createContext()) {
            // Asks the broker whether the queue exists, and not only the pool for a session.
            context.createQueue(SYNC_QUEUE);
        }
    }
}
