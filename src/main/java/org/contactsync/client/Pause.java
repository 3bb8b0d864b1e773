package org.contactsync.client;

import java.time.Duration;

/** Lets time pass between two attempts; tests let it pass at once. */
@FunctionalInterface
public interface Pause {
    /** Sleeps in the calling thread. */
    Pause SLEEPING = duration -> Thread.sleep(duration.toMillis());

    void last(Duration duration) throws InterruptedException;
}
