package org.contactsync.sync;

import java.util.Optional;
import java.util.UUID;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.Contacts.FeedRow;
import org.contactsync.sync.FeedMarks.Aged;

/**
 * Removes the tombstones that are older than the feed has to reach back (protocol 6.1 changesRetentionSeconds), and says so in the
 * book in the same transaction: a feed is whole or refused (protocol 4.6.3). Live contacts stay, and with them the check code.
 * Each step is one transaction, the caller's. Thread-safe.
 */
public final class FeedRetention {
    private static final TaskId NO_TASK = new TaskId(new UUID(0, 0));

    private final Books books;
    private final Contacts contacts;
    private final FeedMarks marks;

    public FeedRetention(Books books, Contacts contacts, FeedMarks marks) {
        this.books = books;
        this.contacts = contacts;
        this.marks = marks;
    }

    /** Where the next step goes on in the feed of a generation: after this row. */
    public record Place(long generation, long seq, Optional<Uid> uid) {
        /** Tombstones with the number at which the feed begins may be left of a step that ended within it. */
        static Place atStart(BookState book) {
            return new Place(book.generation(), book.changesFrom() - 1, Optional.empty());
        }
    }

    /**
     * Looks at the next rows of the feed, without a lock, and takes the book's lock only to remove tombstones.
     *
     * @param place where the last step ended; empty for the first one
     * @param most rows to look at
     * @return where to go on; empty when all up to the mark are removed
     * @throws BookBusyException when another transaction has the lock
     */
    public Optional<Place> step(Aged mark, Optional<Place> place, int most) {
        BookState book = books.read(mark.owner()).orElseThrow();
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

    /** Whether the generation is still the book's. */
    private boolean remove(Aged mark, Place from, FeedRow last) {
        BookState book = books.lockNow(mark.owner(), NO_TASK, Optional.empty()).book();
        if (book.generation() != from.generation()) {
            return false;
        }
        contacts.removeTombstones(book.id(), book.generation(), from.seq(), from.uid(), last);
        books.save(book, book.withChangesFrom(Math.max(book.changesFrom(), last.seq())));
        return true;
    }
}
