package org.contactsync.model;

import java.io.IOException;
import java.time.Duration;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.RetryPolicy;

/** Where the devices of one user find a service, and what can be done to that service. */
interface Site extends AutoCloseable {
    /** From now on the devices belong to a user whom the service has never seen. */
    void newUser() throws IOException;

    /** What a device sends its requests with. */
    Exchange exchange(String device);

    /** The same for a device that is not on the wire. */
    Exchange direct(String device);

    Wire wire();

    /** Lets so much time pass that uploads which nobody continues have ended. */
    void passLease();

    /** Makes what tells of deletions too old to be kept, where that is possible. */
    default void expireFeed() {}

    /** Keeps a backup of all that the service has, where that is possible; whoever runs the result sets it back. */
    default Runnable backup() {
        return () -> {};
    }

    /** Whether {@link #backup} does anything. */
    default boolean keepsBackups() {
        return false;
    }

    @Override
    void close();

    /** How often a device tries by itself. The phone gives up at once, and finds out later what came of it. */
    static RetryPolicy attempts(String device) {
        int attempts = device.equals("phone") ? 1 : 2;
        return new RetryPolicy(attempts, attempts, Duration.ZERO, Duration.ZERO);
    }
}
