package org.contactsync.it;

import java.time.Duration;

/** Waiting where there is nothing to be asked for. */
public final class Pause {
    private Pause() {}

    /** @throws IllegalStateException when the thread is interrupted, which it stays */
    public static void of(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
