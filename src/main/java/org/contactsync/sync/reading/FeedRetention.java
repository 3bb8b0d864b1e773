package org.contactsync.sync.reading;

import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Contacts.FeedRow;
import org.contactsync.sync.reading.FeedMarks.Aged;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;

/**
 * Removes tombstones older than the retention of the feed (protocol 6.1 changesRetentionSeconds), and records that in the
 * book in the same transaction: a feed is complete or refused (protocol 4.6.3). Live contacts stay, and so does the check
 * code. Each step runs in one transaction of the caller. Thread-safe.
 */
public final class FeedRetention {
    private final Books books;
    private final Contacts contacts;
    private final FeedMarks marks;

    public FeedRetention(Books books, Contacts contacts, FeedMarks marks) {
        this.books = books;
        this.contacts = contacts;
        this.marks = marks;
    }

    /** Where the next step continues in the feed of a generation: after this row. */
    public record Place(long generation, long seq, Optional<Uid> uid) {
        /** Tombstones at the number where the feed starts may remain from a step that ended within it. */
        static Place atStart(BookState book) {
            return new Place(book.generation(), book.changesFrom() - 1, Optional.empty());
        }
    }

    /**
     * Reads the next rows of the feed, without a lock, and takes the book's lock only to remove tombstones.
     *
     * @param place where the last step ended; empty for the first one
     * @param the number of rows to read at most
     * @return where to continue; empty if all tombstones up to the mark are removed
     * @throws BookBusyException if another transaction has the lock
     */
    public Optional<Place> step(Aged mark, Optional<Place> place, int most) {
        Optional<BookState> found = books.read(mark.owner()).filter(each -> each.id() == mark.book());
        if (found.isEmpty()) {
            // It was erased.
            return Optional.empty();
        }
        BookState book = found.get();
        Place from =
                place.filter(each -> each.generation() == book.generation()).orElseGet(() -> Place.atStart(book));
        var rows = contacts.feedRows(book.id(), from.generation(), from.seq(), from.uid(), mark.seq(), most);
        var last = rows.stream().filter(FeedRow::tombstone).reduce((one, next) -> next);
        if (last.isPresent() && !remove(mark, from, last.get())) {
            return Optional.of(from);
        }
        if (rows.size() < most) {
            marks.done(mark);
            return Optional.empty();
        }
        FeedRow end = rows.get(rows.size() - 1);
        return Optional.of(new Place(from.generation(), end.seq(), Optional.of(end.uid())));
    }

    /** Removes the rows; false if the generation is no longer the book's, or the book was erased. */
    private boolean remove(Aged mark, Place from, FeedRow last) {
        Optional<BookState> locked = books.lockExistingNow(mark.owner(), Wanted.NOTHING)
                .map(Locked::book)
                .filter(each -> each.id() == mark.book() && each.generation() == from.generation());
        if (locked.isEmpty()) {
            return false;
        }
        BookState book = locked.get();
        contacts.removeTombstones(book.id(), book.generation(), from.seq(), from.uid(), last);
        books.save(book, book.withChangesFrom(Math.max(book.changesFrom(), last.seq())));
        return true;
    }
}
