package org.contactsync.client.cli.sync;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Lets a command end in order when the program is told to end, by Ctrl-C or SIGTERM. For one command. */
final class Ending implements AutoCloseable {
    private static final long LOOK_MILLIS = 500;

    /** Whoever ends the program kills it if it takes long; ten seconds are what service managers allow at least. */
    private static final long LONGEST_SECONDS = 8;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "ending");

    private Ending() {}

    static Ending prepared() {
        Ending ending = new Ending();
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    private void end() {
        asked.countDown();
        try {
            if (!done.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                return; // what is unfinished goes on at the next start, as after a kill
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the program is told to end, this thread is interrupted, or nobody listens any more. */
    void await(BooleanSupplier isDeaf) {
        try {
            while (!asked.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && !isDeaf.getAsBoolean()) {
                // until then
            }
        } catch (InterruptedException e) {
            // the same as being told
        }
    }

    /** The command is done; a program that was told to end does so now. */
    @Override
    public void close() {
        if (asked.getCount() > 0) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endsAlready) {
                // then the hook waits for what follows
            }
        }
        done.countDown();
    }
}
