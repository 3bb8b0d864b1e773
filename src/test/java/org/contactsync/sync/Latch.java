package org.contactsync.sync;

import java.util.concurrent.CountDownLatch;

/** Waiting for another thread of a test. */
public final class Latch {
    private Latch() {}

    /** @throws IllegalStateException when the thread is interrupted, which it stays */
    public static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
