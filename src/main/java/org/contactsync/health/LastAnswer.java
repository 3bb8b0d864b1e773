package org.contactsync.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What something that the service depends on answered last. Thread-safe. */
final class LastAnswer {
    /** Five questions' time: one that hangs for its full timeout is not yet a silence. */
    static final Duration MAX_AGE = Duration.ofSeconds(10);

    private record Answer(boolean good, Instant at) {}

    private final Clock clock;
    private volatile Answer last;

    /** Starts with no good answer. */
    LastAnswer(Clock clock) {
        this.clock = clock;
        this.last = new Answer(false, Instant.MIN);
    }

    void record(boolean good) {
        last = new Answer(good, clock.instant());
    }

    /** Whether the last answer was good and is not older than {@link #MAX_AGE}. */
    boolean good() {
        Answer answer = last;
        return answer.good() && !answer.at().isBefore(clock.instant().minus(MAX_AGE));
    }
}
