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
 * A broker inside this Java virtual machine, without storage: its messages are lost when it stops.
 *
 * <p>One thread at a time; the server starts and stops it once.
 */
final class EmbeddedBroker {
    /** The server id by which connectors inside this Java virtual machine find the broker. */
    static final String IN_MEMORY_PARAMETERS = "serverId=0";

    static final String SYNC_ADDRESS = "contacts.sync";
    static final String CHANGED_ADDRESS = "contacts.changed";
    static final String DEAD_LETTER_ADDRESS = "contacts.dead";
    static final String REPLY_ADDRESSES = "contacts.reply.#";

    /** Limits the map of message groups to consumers: groups in the same bucket share a consumer, and order is kept. */
    private static final int GROUP_BUCKETS = 8192;

    /** Space for a dozen chunks of the maximum size (4 MiB) and thousands of incremental tasks. */
    private static final long SYNC_BYTES = 64L << 20;

    /** An answer is a few hundred bytes. */
    private static final long REPLY_BYTES = 8L << 20;

    /** What has changed is told in some ten kilobytes, and is out of date after seconds. */
    private static final long CHANGED_BYTES = 2L << 20;

    private static final long DEAD_LETTER_BYTES = 4L << 20;

    /** The embedded broker's share of the default heap of 512 MiB. */
    private static final long ALL_BYTES = 80L << 20;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    /**
     * Prepares a broker; {@link #start} starts it.
     *
     * @param localPort TCP port on the loopback interface for other processes on this machine, 0 for none
     */
    EmbeddedBroker(int localPort) {
        broker.setConfiguration(configuration(localPort));
    }

    /** Returns once the broker accepts connections. */
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
        // Reachable only from inside this process, or from this machine in tests.
        configuration.setSecurityEnabled(false);
        configuration.setJMXManagementEnabled(false);
        configuration.setMessageCounterEnabled(false);
        // The adapter's sessions end first; waiting for anything else would only delay the shutdown.
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
                        // A new consumer gets its share of known users at once, without a pause until all consumers are
                        // idle: with the pause, one task that hangs would stop everybody. The book's row keeps order.
                        .setGroupRebalance(true)
                        .setGroupRebalancePauseDispatch(false)
                        .setGroupBuckets(GROUP_BUCKETS)));
        configuration.addAddressConfiguration(queue(DEAD_LETTER_ADDRESS, QueueConfiguration.of(DEAD_LETTER_ADDRESS)));
        configuration.addAddressConfiguration(
                new CoreAddressConfiguration().setName(CHANGED_ADDRESS).addRoutingType(RoutingType.MULTICAST));
        Map.of(SYNC_ADDRESS, SYNC_BYTES, REPLY_ADDRESSES, REPLY_BYTES, DEAD_LETTER_ADDRESS, DEAD_LETTER_BYTES)
                .forEach((address, bytes) -> configuration.addAddressSetting(address, settings(bytes)));
        configuration.addAddressSetting(CHANGED_ADDRESS, changed());
        return configuration;
    }

    /** A queue for each subscriber, which goes with it. A full one loses what does not fit in: its subscribers ask the database too. */
    private static AddressSettings changed() {
        return new AddressSettings()
                .setMaxSizeBytes(CHANGED_BYTES)
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP)
                .setDefaultAddressRoutingType(RoutingType.MULTICAST)
                .setDefaultQueueRoutingType(RoutingType.MULTICAST)
                .setAutoCreateAddresses(false)
                .setAutoCreateQueues(false)
                .setAutoDeleteAddresses(false);
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
                // The database counts attempts: when a consumer dies, the broker would also count prefetched messages.
                .setMaxDeliveryAttempts(-1)
                // A delay would let the next message of the same group overtake.
                .setRedeliveryDelay(0)
                .setMaxSizeBytes(maxBytes)
                // One process cannot fill it. If it did, senders would not be told, and their requests would time out.
                // With
                // FAIL or BLOCK, Artemis wakes a thread for each message to look for waiting senders.
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
