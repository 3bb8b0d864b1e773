package org.contactsync.sync.scrub;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far the scrub has come through all books, and the books that it found to differ. Methods that write need a running transaction;
 * none locks a book.
 */
public interface Findings {
    /** What an instance knows of the scrub of all instances. */
    record Figures(Optional<Round> round, long findings) {}

    /** A finding with the times when it was made, and when the book was last compared. */
    record Found(Finding finding, Instant foundAt, Instant checkedAt) {}

    /**
     * Makes the caller the one who scrubs, unless another one is.
     *
     * @return how far the last one had come; empty if somebody else is at it
     */
    Optional<Round> claim(String holder, Instant now, Instant until);

    /**
     * Stores how far the holder has come, and lets it go on.
     *
     * @return false if it is not the holder any more
     */
    boolean save(String holder, Round round, Instant until);

    /** Stores a finding; false if the same is known already, which then only gets a new time of comparison. */
    boolean record(Finding finding, Instant now);

    /** Removes the finding of a book that agrees with its contacts; false if there was none. */
    boolean clear(long book);

    /** Books with findings that were not compared again since {@code until}, the longest first. */
    List<ScrubRows.Book> due(Instant until, int most);

    /** Findings after a book, in the order of the ids of books. */
    List<Found> page(long after, int most);

    /** Counts findings up to a limit. */
    Figures figures();
}
