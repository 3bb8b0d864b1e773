package org.contactsync.hostile;

import java.util.ArrayList;
import java.util.List;

/** Threads that work until they are told to end. One thread at a time, but for {@link #works}. */
final class Crew {
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean working;

    /** Has one more work, which ends when {@link #works} says so. */
    void add(Runnable work, String name) {
        working = true;
        Thread thread = new Thread(work, name);
        thread.start();
        threads.add(thread);
    }

    boolean works() {
        return working;
    }

    /** Tells all to end, without waiting for them. */
    void dismiss() {
        working = false;
    }

    /** Returns when all have ended what they were at. */
    void end() {
        dismiss();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        threads.clear();
    }
}
