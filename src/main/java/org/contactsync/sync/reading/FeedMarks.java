package org.contactsync.sync.reading;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.protocol.Owner;

/**
 * Marks that say when a book was seen at a sequence number, to know the age of its changes. They are written in the
 * background, so that a change costs nothing extra. Every method needs a running transaction; none locks a book.
 */
public interface FeedMarks {
    /**
     * A mark that is old enough.
     *
     * @param seq of the book; its changes up to this number are at least as old as the mark
     */
    record Aged(long book, Owner owner, long seq) {}

    /**
     * Marks the next books in the order of their ids. A book gets a mark if it has changed since its last one, and if that
     * one is at least {@code apart} old.
     *
     * @param after the last book checked before; 0 for none
     * @param the number of books to check at most
     * @return the last book checked now; empty if there was none
     */
    OptionalLong mark(long after, int most, Instant now, Duration apart);

    /** Marks written until then, the oldest first. */
    List<Aged> aged(Instant until, int most);

    /**
     * Closes the mark after the book's tombstones up to it were removed: it is not returned again, and older marks of the
     * book are deleted.
     */
    void done(Aged mark);
}
