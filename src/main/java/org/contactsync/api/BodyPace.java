package org.contactsync.api;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;

/**
 * How slowly a body may come (protocol §3.14): a thread waits for it. Silence is ended by the server's {@code readTimeout}; this ends
 * what comes in drops. One body, one thread.
 */
final class BodyPace {
    /** So long any pace will do: a connection begins slowly. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** On average, after the grace. */
    static final int LEAST_BYTES_PER_SECOND = 4 * 1024;

    /** Below the time for which clients wait for an answer. */
    static final Duration MOST = Duration.ofSeconds(60);

    private final LongSupplier nanos;
    private final long start;

    /** Begins now. */
    BodyPace(LongSupplier nanos) {
        this.nanos = nanos;
        start = nanos.getAsLong();
    }

    /**
     * Looks at what has come.
     *
     * @throws ProblemException {@code request-timeout} when it is too little for the time
     */
    void check(long bytes) {
        long taken = nanos.getAsLong() - start;
        long afterGrace = taken - GRACE.toNanos();
        if (afterGrace <= 0) {
            return;
        }
        double wanted = afterGrace / 1e9 * LEAST_BYTES_PER_SECOND;
        if (bytes < wanted || taken > MOST.toNanos()) {
            throw ProblemException.of(
                    ProblemType.REQUEST_TIMEOUT,
                    "a body must arrive with at least " + LEAST_BYTES_PER_SECOND + " bytes per second and within "
                            + MOST.toSeconds() + " s");
        }
    }
}
