package org.contactsync.sync.history;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.protocol.Limits;

/**
 * Removes the oldest part of the history of books. Several may do so at once: what one works on, the others skip. Each method needs its own
 * transaction and takes no lock of a book.
 */
public interface HistoryRetention {
    /**
     * What the history of a book may be.
     *
     * @param from older changes are removed
     * @param changes so many at most
     * @param bytes of kept contacts at most: a contact counts as its card and {@link Limits#STAGED_ROW}
     */
    record Bounds(Instant from, int changes, long bytes) {
        private static final int PART = 32;

        /** At a time of the database's clock. */
        public static Bounds of(Limits limits, Instant now) {
            return new Bounds(now.minus(limits.historyRetention()), Limits.HISTORY_CHANGES, limits.historyBytes());
        }

        /** What makes it worthwhile to remove something: somewhat more, so that a book in daily use is not shortened at each visit. */
        public static Bounds due(Limits limits, Instant now) {
            Bounds bounds = of(limits, now);
            return new Bounds(
                    bounds.from.minus(limits.historyRetention().dividedBy(PART)),
                    bounds.changes + bounds.changes / PART,
                    bounds.bytes + bounds.bytes / PART);
        }

        /** From which on whoever changes the book removes the oldest part (decision 37). */
        public static Bounds most(Limits limits) {
            int changes = Limits.HISTORY_CHANGES;
            return new Bounds(Instant.EPOCH, changes + changes / 4, limits.historyBytes() + limits.historyBytes() / 4);
        }
    }

    /**
     * A part of a walk through all books.
     *
     * @param exceeding books whose history has to be shortened, by the ids of their rows
     * @param last where the walk continues; empty at its end
     * @param bytes that the histories of these books have
     * @param oldest when the oldest of their changes was
     */
    record Part(List<Long> exceeding, OptionalLong last, long bytes, Optional<Instant> oldest) {
        public Part {
            exceeding = List.copyOf(exceeding);
        }
    }

    /** Looks at the next books after an id, {@code most} at most. */
    Part find(long after, int most, Bounds bounds);

    /** Whether the history of a book has to be shortened. */
    boolean exceeds(long book, Bounds bounds);

    /**
     * Removes the oldest changes of a book that exceed the bounds, with their versions, of which {@code most} at most.
     *
     * @return whether there is more to remove
     */
    boolean shorten(long book, int most, Bounds bounds);
}
