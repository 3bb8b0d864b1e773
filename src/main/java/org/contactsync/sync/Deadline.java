package org.contactsync.sync;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;

/**
 * Until when somebody wants what a thread is reading. Who starts a reading sets it with {@link #during}; what reads in slices
 * calls {@link #check} between two of them, and gives its statements {@link #left} as their timeout. Thread-safe.
 */
public final class Deadline {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Deadline NEVER = new Deadline(() -> 0, Long.MAX_VALUE);
    private static final ThreadLocal<Deadline> CURRENT = new ThreadLocal<>();

    private final LongSupplier nanos;
    private final long end;
    private volatile boolean abandoned;

    private Deadline(LongSupplier nanos, long end) {
        this.nanos = nanos;
        this.end = end;
    }

    /** @param nanos a clock such as {@link System#nanoTime} */
    public static Deadline in(Duration time, LongSupplier nanos) {
        return new Deadline(nanos, nanos.getAsLong() + time.toNanos());
    }

    /** That of the reading in this thread; one that never passes where none was set. */
    public static Deadline current() {
        Deadline set = CURRENT.get();
        return set == null ? NEVER : set;
    }

    /** Does {@code work} with this as the thread's {@link #current} deadline. */
    public <T> T during(Supplier<T> work) {
        Deadline before = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** Nobody wants it any more: the request was answered, or its connection is closed. */
    public void abandon() {
        if (this == NEVER) {
            throw new IllegalStateException("not a deadline of a reading");
        }
        abandoned = true;
    }

    public boolean passed() {
        return abandoned || left().isZero();
    }

    /** Never negative. */
    public Duration left() {
        if (this == NEVER) {
            return Duration.ofNanos(end);
        }
        return Duration.ofNanos(Math.max(0, end - nanos.getAsLong()));
    }

    /** @throws ProblemException {@code unavailable} when it has passed */
    public void check() {
        if (passed()) {
            throw new ProblemException(Problem.Unavailable.databaseLate(RETRY));
        }
    }
}
