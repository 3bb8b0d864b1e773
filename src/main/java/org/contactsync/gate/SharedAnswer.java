package org.contactsync.gate;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that all requests share. One request at a time generates it; meanwhile the others get the previous one.
 * Thread-safe.
 */
final class SharedAnswer {
    /** How long the first ones wait for the first answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How many wait for the first answer. */
    private static final int MOST_WAITING = 16;

    private final long life;
    private final LongSupplier nanos;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made last;

    private record Made(byte[] body, @Nullable String type, long at) {}

    /** Generates an answer. */
    interface Maker {
        void make(HttpServletResponse target) throws IOException, ServletException;
    }

    /**
     * Starts without an answer.
     *
     * @param nanos a clock that never jumps, such as {@link System#nanoTime}
     */
    SharedAnswer(Duration life, LongSupplier nanos) {
        this.life = life.toNanos();
        this.nanos = nanos;
    }

    /**
     * Writes the last answer, or a new one if that is too old.
     *
     * @return false if there is no answer, and too many requests wait for it
     */
    boolean write(HttpServletResponse response, Maker maker) throws IOException, ServletException {
        Made known = last;
        if (known == null || nanos.getAsLong() - known.at() >= life) {
            if (!takeLock(known)) {
                return false;
            }
            if (making.isHeldByCurrentThread()) {
                KeptAnswer kept = new KeptAnswer(response);
                try {
                    known = makeOrReuse(kept, maker);
                } finally {
                    making.unlock();
                }
                if (known == null) {
                    kept.send();
                    return true;
                }
            }
        }
        Made answer = known == null ? last : known;
        if (answer == null) {
            return false;
        }
        response.setContentType(answer.type());
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
        return true;
    }

    /** Takes the lock, or does without it if there is an older answer; false if it could not be taken in time. */
    private boolean takeLock(@Nullable Made known) {
        if (making.tryLock() || known != null) {
            return true;
        }
        if (making.getQueueLength() >= MOST_WAITING) {
            return false;
        }
        try {
            return making.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The new answer, or one generated meanwhile; null if it is not a success, which is not shared. */
    private @Nullable Made makeOrReuse(KeptAnswer kept, Maker maker) throws IOException, ServletException {
        Made meanwhile = last;
        if (meanwhile != null && nanos.getAsLong() - meanwhile.at() < life) {
            return meanwhile;
        }
        maker.make(kept);
        if (kept.getStatus() != 200) {
            return null;
        }
        Made made = new Made(kept.body(), kept.getContentType(), nanos.getAsLong());
        last = made;
        return made;
    }
}
