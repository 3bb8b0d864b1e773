package org.contactsync.sync.history;

import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.reading.ConsistentReads;
import org.contactsync.sync.task.Books;

/**
 * Reads what an owner's book was, each time with the check code of exactly the state that it was read from. Needs no transaction and takes
 * no lock. Thread-safe.
 */
public final class HistoryReadings {
    /** Cards of one page: bounds the memory of an answer (protocol 6.2.1). */
    private static final long PAGE_BYTES = 1024 * 1024;

    private final ConsistentReads reads;
    private final BookHistory history;

    public HistoryReadings(Books books, BookHistory history) {
        reads = new ConsistentReads(books);
        this.history = history;
    }

    /** Changes of the book below a sequence number, the latest first. Empty when the owner never had a book. */
    public Optional<Reading<List<PastChange>>> changes(Owner owner, long below, int most) {
        return reads.read(owner, book -> history.changes(book.id(), below, most));
    }

    /** Versions of a contact, the latest first, without its present one. */
    public Optional<Reading<Page>> versions(Owner owner, Uid uid, long below, int most) {
        return reads.read(owner, book -> history.versions(book.id(), uid, below, new RowPage.Bounds(most, PAGE_BYTES)));
    }

    /** Contacts that were deleted and are not in the book, the latest first. */
    public Optional<Reading<Page>> deleted(Owner owner, Optional<Place> after, int most) {
        return reads.read(
                owner,
                book -> history.deleted(book.id(), book.generation(), after, new RowPage.Bounds(most, PAGE_BYTES)));
    }

    /** All versions of all contacts, the latest first, without those that lost a conflict. */
    public Optional<Reading<Page>> kept(Owner owner, Optional<Place> after, int most) {
        return reads.read(
                owner, book -> history.kept(book.id(), book.generation(), after, new RowPage.Bounds(most, PAGE_BYTES)));
    }

    /** All cards that lost a conflict, the latest first. */
    public Optional<Reading<Page>> lost(Owner owner, Optional<Place> after, int most) {
        return reads.read(owner, book -> history.lost(book.id(), after, new RowPage.Bounds(most, PAGE_BYTES)));
    }

    /**
     * What a contact was when it was deleted, or what it is: the task that deletes it may be waiting for its turn. Empty if that is not kept.
     */
    public Optional<Reading<Optional<Content>>> lastContent(Owner owner, Uid uid) {
        return reads.read(
                owner,
                book -> history.present(book.id(), book.generation(), uid)
                        .or(() -> history.lastVersion(book.id(), book.generation(), uid)
                                .map(PastVersion::content)));
    }
}
