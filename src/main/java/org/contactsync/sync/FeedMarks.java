package org.contactsync.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.protocol.Owner;

/**
 * How old the changes of books are: marks that say when a book was seen at a sequence number. They are made in the background, so
 * that a change costs nothing. Every method needs a running transaction; none locks a book.
 */
public interface FeedMarks {
    /**
     * A mark that is old enough.
     *
     * @param seq of the book; its changes up to there are at least as old as the mark
     */
    record Aged(long book, Owner owner, long seq) {}

    /**
     * Marks the next books in the order of their ids. A book gets a mark when it has changed since its last one, and when that one is at
     * least {@code apart} old.
     *
     * @param after the last book that was looked at; 0 for none
     * @param most books to look at
     * @return the last book that was looked at now; empty when there was none
     */
    OptionalLong mark(long after, int most, Instant now, Duration apart);

    /** Marks that were made until then, the oldest first. */
    List<Aged> aged(Instant until, int most);

    /** The book's tombstones up to this mark are removed: it is not named again, and older ones are forgotten. */
    void done(Aged mark);
}
