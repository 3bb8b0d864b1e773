package org.contactsync.broker;

import java.util.Map;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * A broker inside this Java virtual machine, without a disk: its messages are non-persistent and end with it.
 *
 * <p>One thread at a time; the server starts and stops it once.
 */
final class EmbeddedBroker {
    /** The number under which connectors inside this Java virtual machine find the broker. */
    static final String IN_MEMORY_PARAMETERS = "serverId=0";

    static final String SYNC_ADDRESS = "contacts.sync";
    static final String DEAD_LETTER_ADDRESS = "contacts.dead";
    static final String REPLY_ADDRESSES = "contacts.reply.#";

    /** Bounds the map of message groups to consumers: groups that share a bucket share a consumer, order is kept. */
    private static final int GROUP_BUCKETS = 8192;

    /** Room for a dozen chunks of the greatest size (4 MiB) and thousands of incremental tasks. */
    private static final long SYNC_BYTES = 64L << 20;

    /** An answer is a few hundred bytes. */
    private static final long REPLY_BYTES = 8L << 20;

    private static final long DEAD_LETTER_BYTES = 4L << 20;

    /** The embedded broker's share of the default heap of 512 MiB. */
    private static final long ALL_BYTES = 80L << 20;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    /**
     * Prepares a broker; {@link #start} starts it.
     *
     * @param localPort TCP port on the loopback interface for other processes of this machine, 0 for none
     */
    EmbeddedBroker(int localPort) {
        broker.setConfiguration(configuration(localPort));
    }

    /** Returns when the broker accepts connections. */
    void start() throws Exception {
        broker.start();
    }

    /** Closes all connections and drops all messages. */
    void stop() throws Exception {
        broker.stop();
    }

    static Configuration configuration(int localPort) {
        Configuration configuration = new ConfigurationImpl();
        configuration.setName("contact-sync-embedded");
        configuration.setPersistenceEnabled(false);
        // Reached from inside this process only, or from this machine in tests.
        configuration.setSecurityEnabled(false);
        configuration.setJMXManagementEnabled(false);
        configuration.setMessageCounterEnabled(false);
        // The adapter's own sessions end first; waiting for anything else would only delay the shutdown.
        configuration.setGracefulShutdownEnabled(false);
        configuration.setGlobalMaxSize(ALL_BYTES);
        configuration.setScheduledThreadPoolMaxSize(2);
        configuration.setThreadPoolMaxSize(16);
        try {
            configuration.addAcceptorConfiguration("memory", "vm://0");
            if (localPort != 0) {
                configuration.addAcceptorConfiguration("loopback", "tcp://127.0.0.1:" + localPort);
            }
        } catch (Exception e) {
            throw new IllegalArgumentException("localPort=" + localPort, e);
        }
        configuration.addAddressConfiguration(queue(
                SYNC_ADDRESS,
                QueueConfiguration.of(SYNC_ADDRESS)
                        // A new consumer gets its share of known users at once. Without a pause until all consumers
                        // are idle, in which one task that hangs would stop everybody: the book's row keeps order.
                        .setGroupRebalance(true)
                        .setGroupRebalancePauseDispatch(false)
                        .setGroupBuckets(GROUP_BUCKETS)));
        configuration.addAddressConfiguration(queue(DEAD_LETTER_ADDRESS, QueueConfiguration.of(DEAD_LETTER_ADDRESS)));
        Map.of(SYNC_ADDRESS, SYNC_BYTES, REPLY_ADDRESSES, REPLY_BYTES, DEAD_LETTER_ADDRESS, DEAD_LETTER_BYTES)
                .forEach((address, bytes) -> configuration.addAddressSetting(address, settings(bytes)));
        return configuration;
    }

    private static CoreAddressConfiguration queue(String address, QueueConfiguration queue) {
        return new CoreAddressConfiguration()
                .setName(address)
                .addRoutingType(RoutingType.ANYCAST)
                .addQueueConfiguration(queue.setAddress(address).setRoutingType(RoutingType.ANYCAST));
    }

    private static AddressSettings settings(long maxBytes) {
        return new AddressSettings()
                .setDeadLetterAddress(SimpleString.of(DEAD_LETTER_ADDRESS))
                // Attempts are counted in the database: when a consumer dies, innocent prefetched messages are charged
                // too.
                .setMaxDeliveryAttempts(-1)
                // A delay would let the next message of the same group pass.
                .setRedeliveryDelay(0)
                .setMaxSizeBytes(maxBytes)
                // One process does not fill it. Senders are not told: their requests would find out by themselves.
                // With FAIL or BLOCK, Artemis wakes a thread for each message to look for senders to tell.
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP)
                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                .setDefaultQueueRoutingType(RoutingType.ANYCAST)
                .setAutoCreateAddresses(true)
                .setAutoCreateQueues(true)
                // A reply queue outlives a short loss of its consumer.
                .setAutoDeleteQueues(true)
                .setAutoDeleteQueuesDelay(60_000)
                .setAutoDeleteAddresses(true)
                .setAutoDeleteAddressesDelay(60_000);
    }
}
