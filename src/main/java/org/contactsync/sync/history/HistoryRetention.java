package org.contactsync.sync.history;

import java.time.Instant;
import java.util.List;
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
        /** At a time of the database's clock. */
        public static Bounds of(Limits limits, Instant now) {
            return new Bounds(now.minus(limits.historyRetention()), Limits.HISTORY_CHANGES, limits.historyBytes());
        }
    }

    /**
     * A part of a walk through all books.
     *
     * @param exceeding books whose history has to be shortened, by the ids of their rows
     * @param last where the walk continues; empty at its end
     */
    record Part(List<Long> exceeding, OptionalLong last) {
        public Part {
            exceeding = List.copyOf(exceeding);
        }
    }

    /** Looks at the next books after an id, {@code most} at most. */
    Part find(long after, int most, Bounds bounds);

    /**
     * Removes the oldest changes of a book that exceed the bounds, with their versions, of which {@code most} at most.
     *
     * @return whether there is more to remove
     */
    boolean shorten(long book, int most, Bounds bounds);
}
