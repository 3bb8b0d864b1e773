package org.contactsync.sync.book;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;

/**
 * The time until which the result of a read is wanted. The caller sets it with {@link #during}. Code that reads in slices
 * calls {@link #check} between two slices, and uses {@link #left} as the timeout of its statements. Thread-safe.
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

    /** The deadline of this thread's read; one that never passes if none was set. */
    public static Deadline current() {
        Deadline set = CURRENT.get();
        return set == null ? NEVER : set;
    }

    /** Whether it will pass at all. */
    public boolean ends() {
        return this != NEVER;
    }

    /** Runs {@code work} with this as the thread's {@link #current} deadline. */
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

    /** Makes the deadline pass now: the request was answered, or its connection is closed. */
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

    /** @throws ProblemException {@code unavailable} if it has passed */
    public void check() {
        if (passed()) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.DATABASE_LATE, RETRY));
        }
    }
}
