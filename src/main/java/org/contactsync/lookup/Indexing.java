package org.contactsync.lookup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.lookup.LookupRows.Derived;
import org.contactsync.lookup.LookupRows.Index;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.Books;

/**
 * Brings the indexes of books up to date, in steps, along the feed. A book has an index once somebody has looked something up in it.
 * Takes no lock of a book. Each step runs in one transaction of the caller. Thread-safe.
 */
public final class Indexing {
    /** Fewer changed contacts than these are read by each look-up instead: a book that changes often would be derived all the time. */
    static final int LEAST = 16;

    /** What one step derives: some ten milliseconds. */
    private static final RowPage.Bounds STEP = new RowPage.Bounds(200, 512 * 1024);

    /** Entries of one step: those of 200 honest contacts are half as many, those of 200 hostile ones would be six times as many. */
    static final int STEP_ENTRIES = 2_000;

    private final Books books;
    private final Contacts contacts;
    private final LookupRows rows;
    private final long mostBytes;
    private final long version;

    /** @param mostBytes entries of one book: contacts beyond them are read from the feed at each look-up */
    public Indexing(Books books, Contacts contacts, LookupRows rows, long mostBytes) {
        this(books, contacts, rows, mostBytes, IndexVersion.NOW);
    }

    /** @param version of indexes that the release makes */
    public Indexing(Books books, Contacts contacts, LookupRows rows, long mostBytes, long version) {
        this.books = books;
        this.contacts = contacts;
        this.rows = rows;
        this.mostBytes = mostBytes;
        this.version = version;
    }

    /** The version of indexes that this release derives. */
    public long version() {
        return version;
    }

    /**
     * Derives the next contacts.
     *
     * @param asked whether a look-up has missed the index: then it is begun if there is none, few contacts count too, and earlier metadata do
     *     not
     * @return whether there is more to do at once
     */
    public boolean step(Owner owner, boolean asked, Instant now) {
        Optional<BookState> found = books.read(owner);
        if (found.isEmpty()) {
            return false;
        }
        // An insert would wait for whoever has the row.
        if (asked && rows.find(found.get().id()).isEmpty()) {
            rows.create(found.get().id(), first(found.get(), now));
        }
        Optional<Index> locked = rows.lock(found.get().id());
        if (locked.isEmpty() || isOfLaterForm(locked.get())) {
            return false;
        }
        Index index = locked.get();
        // Again, now that nobody else moves the index: it is never ahead of this book.
        Optional<BookState> again =
                books.read(owner).filter(each -> each.id() == found.get().id());
        if (again.isEmpty()) {
            return false;
        }
        BookState book = again.get();
        if (mustBeRenewed(index, book, asked)) {
            index = index.renewed(book.generation(), version, book.seq(), now);
            rows.save(book.id(), index);
        } else if (index.bytes() > mostBytes || !isBehind(index, book) || !asked && isLittleBehind(index, book)) {
            return false;
        }
        return derive(book, index);
    }

    private Index first(BookState book, Instant now) {
        return new Index(book.generation(), version, 1, 1, book.seq(), now, 0, Optional.empty(), 0);
    }

    private boolean isOfLaterForm(Index index) {
        return !IndexVersion.isUsable(index.version(), version) && index.version() > version;
    }

    /**
     * Tombstones that were removed before the index had seen them leave entries of contacts that are gone. Earlier metadata have time until
     * the walk: look-ups use the index as it is, and would read the whole book while it is derived anew.
     */
    private boolean mustBeRenewed(Index index, BookState book, boolean asked) {
        return index.generation() != book.generation()
                || !IndexVersion.isUsable(index.version(), version)
                || !asked && IndexVersion.isEarlier(index.version(), version)
                || book.seq() < index.seq()
                || book.changesFrom() > Math.max(index.seq(), index.began());
    }

    private static boolean isBehind(Index index, BookState book) {
        return index.seq() < book.seq();
    }

    private boolean isLittleBehind(Index index, BookState book) {
        return index.within().isEmpty()
                && contacts.feedRows(
                                        book.id(),
                                        book.generation(),
                                        index.seq(),
                                        Optional.empty(),
                                        Long.MAX_VALUE,
                                        LEAST + 1)
                                .size()
                        <= LEAST;
    }

    private boolean derive(BookState book, Index index) {
        RowPage page = contacts.changedSince(book.id(), book.generation(), index.seq(), index.within(), STEP);
        List<StoredContact> seen = new ArrayList<>();
        List<Derived> derived = new ArrayList<>();
        int entries = 0;
        for (StoredContact contact : page.rows()) {
            if (entries >= STEP_ENTRIES) {
                break;
            }
            seen.add(contact);
            if (contact.now().isPresent()) {
                IndexedCard card = IndexedCard.of(contact.now().get().card());
                derived.add(new Derived(contact.uid(), contact.seq(), card));
                entries += card.entries().size();
            }
        }
        boolean more = page.more() || seen.size() < page.rows().size();
        List<Uid> uids = seen.stream().map(StoredContact::uid).toList();
        long bytes = index.bytes() - rows.remove(book.id(), index.epoch(), uids);
        bytes += rows.add(book.id(), index.epoch(), derived);
        if (more) {
            StoredContact last = seen.get(seen.size() - 1);
            rows.save(book.id(), index.advanced(last.seq() - 1, Optional.of(last.uid()), bytes));
        } else {
            rows.save(book.id(), index.advanced(book.seq(), Optional.empty(), bytes));
        }
        return more && bytes <= mostBytes;
    }

    /**
     * Removes entries of epochs that are over, once nobody reads them any more.
     *
     * @param before an epoch that began before this time has no readers of an earlier one
     * @return whether there is more to do at once
     */
    public boolean removeOld(long book, Instant before, int most) {
        Optional<Index> locked = rows.lock(book);
        if (locked.isEmpty()
                || locked.get().oldestEpoch() >= locked.get().epoch()
                || !locked.get().beganAt().isBefore(before)) {
            return false;
        }
        Index index = locked.get();
        if (!rows.removeSome(book, index.oldestEpoch(), most)) {
            rows.save(book, index.withOldest(index.oldestEpoch() + 1));
        }
        return true;
    }
}
