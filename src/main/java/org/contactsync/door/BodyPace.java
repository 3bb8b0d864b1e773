package org.contactsync.door;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Ends bodies that arrive too slowly (protocol §3.14), because a thread waits for each. The server's {@code readTimeout}
 * ends silent ones; this class ends those that trickle in. One body, one thread.
 */
final class BodyPace {
    /** Until then any pace is accepted: a connection starts slowly. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** On average, after the grace. */
    static final int LEAST_BYTES_PER_SECOND = 4 * 1024;

    /** Less than the time for which clients wait for an answer. */
    static final Duration MOST = Duration.ofSeconds(60);

    private final LongSupplier nanos;
    private final Duration most;
    private final long start;

    /** Starts now. */
    BodyPace(LongSupplier nanos) {
        this(nanos, MOST);
    }

    /** @param most until it must have arrived */
    BodyPace(LongSupplier nanos, Duration most) {
        this.nanos = nanos;
        this.most = most;
        start = nanos.getAsLong();
    }

    /**
     * Checks the bytes that have arrived.
     *
     * @throws ProblemException {@code request-timeout} if they are too few for the elapsed time
     */
    void check(long bytes) {
        long taken = nanos.getAsLong() - start;
        long afterGrace = taken - GRACE.toNanos();
        if (afterGrace <= 0) {
            return;
        }
        double wanted = afterGrace / 1e9 * LEAST_BYTES_PER_SECOND;
        if (bytes < wanted || taken > most.toNanos()) {
            throw ProblemException.of(
                    ProblemType.REQUEST_TIMEOUT,
                    "a body must arrive with at least " + LEAST_BYTES_PER_SECOND + " bytes per second and within "
                            + most.toSeconds() + " s");
        }
    }
}
