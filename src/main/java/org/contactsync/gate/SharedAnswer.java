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
 * An answer that all requests share. One request at a time creates it; meanwhile the others get the previous one. Thread-safe.
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

    /** Makes an answer. */
    interface Maker {
        void make(HttpServletResponse target) throws IOException, ServletException;
    }

    /**
     * Nothing yet.
     *
     * @param nanos a clock that never jumps, such as {@link System#nanoTime}
     */
    SharedAnswer(Duration life, LongSupplier nanos) {
        this.life = life.toNanos();
        this.nanos = nanos;
    }

    /**
     * Answers with the last answer, or with a new one when that is too old.
     *
     * @return whether it was answered; otherwise there is none, and too many wait for it
     */
    boolean write(HttpServletResponse response, Maker maker) throws IOException, ServletException {
        Made known = last;
        if (known == null || nanos.getAsLong() - known.at() >= life) {
            if (!taken(known)) {
                return false;
            }
            if (making.isHeldByCurrentThread()) {
                KeptAnswer kept = new KeptAnswer(response);
                try {
                    known = made(kept, maker);
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

    /** Takes the lock, or does without when there is an older answer; false when it was waited for in vain. */
    private boolean taken(@Nullable Made known) {
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

    /** The new answer, or one that was made meanwhile; none when it is no success, which is not shared. */
    private @Nullable Made made(KeptAnswer kept, Maker maker) throws IOException, ServletException {
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
