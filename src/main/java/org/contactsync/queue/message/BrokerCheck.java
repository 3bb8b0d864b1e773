package org.contactsync.queue.message;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import org.jspecify.annotations.Nullable;

/** Checks whether the broker answers. Thread-safe. */
@ApplicationScoped
public class BrokerCheck {
    private static final String SYNC_QUEUE = "contacts.sync";

    @Resource(lookup = "jms/connectionFactory")
    private @Nullable ConnectionFactory connectionFactory;

    /** For the container. */
    public BrokerCheck() {}

    /**
     * Asks the broker for a session; may wait until the connection factory's timeouts expire.
     *
     * @throws JMSRuntimeException if it does not answer
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
