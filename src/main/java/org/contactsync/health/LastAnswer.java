package org.contactsync.health;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The last answer of a dependency. Thread-safe. */
final class LastAnswer {
    /** The time of five checks: one that hangs for its full timeout is not yet a failure. */
    static final Duration MAX_AGE = Duration.ofSeconds(10);

    private record Answer(boolean good, long nanos) {}

    private final LongSupplier nanos;
    private volatile Optional<Answer> last = Optional.empty();

    /**
     * Starts with no answer.
     *
     * @param nanos a clock that never jumps, such as {@link System#nanoTime}
     */
    LastAnswer(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void record(boolean good) {
        last = Optional.of(new Answer(good, nanos.getAsLong()));
    }

    /** Whether the last answer was good and is at most {@link #MAX_AGE} old. */
    boolean good() {
        return last.map(this::isGood).orElse(false);
    }

    /** Whether there was an answer, and the last one was not good or is too old. */
    boolean away() {
        return last.map(answer -> !isGood(answer)).orElse(false);
    }

    private boolean isGood(Answer answer) {
        return answer.good() && nanos.getAsLong() - answer.nanos() <= MAX_AGE.toNanos();
    }
}
