package org.contactsync.sync.scrub;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A way through all books in the order of their ids.
 *
 * @param last the last book that was scrubbed; 0 at the beginning and after the end
 * @param began when the round began
 * @param covered when the last complete round began: every book that existed then has been scrubbed since; empty before the first end
 */
public record Round(long last, Instant began, Optional<Instant> covered) {
    public static Round first(Instant now) {
        return new Round(0, now, Optional.empty());
    }

    public Round passed(long book) {
        return new Round(book, began, covered);
    }

    /** All books have been scrubbed. */
    public Round ended() {
        return new Round(0, began, Optional.of(began));
    }

    public Round begun(Instant now) {
        return new Round(0, now, covered);
    }

    /** Whether it has ended and the next one has not begun. */
    public boolean resting() {
        return last == 0 && covered.equals(Optional.of(began));
    }

    /** No book has been left unscrubbed for longer than this. */
    public Duration age(Instant now) {
        Duration age = Duration.between(covered.orElse(began), now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
