package org.contactsync.client.http;

import java.time.Duration;

/** Waits between two attempts; in tests without delay. */
@FunctionalInterface
public interface Pause {
    /** Sleeps in the calling thread. */
    Pause SLEEPING = duration -> Thread.sleep(duration.toMillis());

    void sleep(Duration duration) throws InterruptedException;
}
