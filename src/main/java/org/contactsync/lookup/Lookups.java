package org.contactsync.lookup;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.contact.Uid;
import org.contactsync.lookup.LookupRows.Entry;
import org.contactsync.lookup.LookupRows.Index;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.protocol.lookup.PhoneAnswer;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.task.Books;

/**
 * Finds contacts of a book, with the check code of exactly the state that they were found in. What the index does not have yet is read from
 * the feed, the whole book if need be. Needs no transaction, takes no lock, writes nothing. Thread-safe.
 */
public final class Lookups {
    /** A book that changes during this many looks in a row is written faster than it can be read. */
    private static final int MOST_TRIES = 20;

    private static final Duration BUSY = Duration.ofSeconds(1);

    private static final RowPage.Bounds SLICE = new RowPage.Bounds(200, 512 * 1024);

    /** With more cards behind the index, a look-up takes noticeably longer. */
    private static final int MOST_UNSEEN_BYTES = 64 * 1024;

    private final Books books;
    private final Contacts contacts;
    private final LookupRows rows;
    private final IndexRequests requests;
    private final BlockList blocked;
    private final long version;
    private final LargeReadings large = new LargeReadings();

    public Lookups(Books books, Contacts contacts, LookupRows rows, IndexRequests requests, BlockList blocked) {
        this(books, contacts, rows, requests, blocked, IndexVersion.NOW);
    }

    /** @param version of indexes that the release makes */
    public Lookups(
            Books books, Contacts contacts, LookupRows rows, IndexRequests requests, BlockList blocked, long version) {
        this.books = books;
        this.contacts = contacts;
        this.rows = rows;
        this.requests = requests;
        this.blocked = blocked;
        this.version = version;
    }

    /**
     * The contacts of each number, in the order of the numbers. Empty when the owner never had a book.
     *
     * @throws ProblemException {@code unavailable} when the book changes all the time, or its cards cannot be read in time;
     *     {@code quota-exceeded} when it would read much of the book while another look-up of the owner does
     */
    public Optional<Reading<List<PhoneAnswer>>> phones(Owner owner, List<AskedNumber> asked) {
        return find(owner, () -> new PhoneFinder(asked))
                .map(found -> with(found, found.value().answers(blocked::has)));
    }

    /** What is known of numbers without a book. */
    public List<PhoneAnswer> withoutBook(List<AskedNumber> asked) {
        return new PhoneFinder(asked).answers(blocked::has);
    }

    /** Contacts that have a word beginning with each word of the query. Empty when the owner never had a book. */
    public Optional<Reading<NameAnswer>> names(Owner owner, NameQuery query, int most) {
        return find(owner, () -> new NameFinder(query, most))
                .map(found -> with(found, found.value().answer()));
    }

    /** Changes when the same numbers of the same book may have another answer. */
    public String revision() {
        return Long.toString(version, Character.MAX_RADIX) + "." + blocked.revision();
    }

    private static <T> Reading<T> with(Reading<?> reading, T value) {
        return new Reading<>(reading.book(), reading.checkCode(), value);
    }

    private <F extends Finder> Optional<Reading<F>> find(Owner owner, Supplier<F> made) {
        try (LargeReadings.Turn turn = large.of(owner)) {
            return find(owner, made, turn);
        }
    }

    private <F extends Finder> Optional<Reading<F>> find(Owner owner, Supplier<F> made, LargeReadings.Turn turn) {
        Optional<BookState> read = books.read(owner);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        BookState book = read.get();
        F finder = begin(book, made, turn);
        for (int i = 0; i < MOST_TRIES; i++) {
            Deadline.current().check();
            Optional<BookState> again = books.read(owner);
            if (again.isEmpty()) {
                return Optional.empty();
            }
            BookState after = again.get();
            if (after.id() != book.id()
                    || after.generation() != book.generation()
                    || after.changesFrom() > book.seq()) {
                finder = begin(after, made, turn);
            } else if (after.seq() == book.seq()) {
                return Optional.of(new Reading<>(after, BookReadings.checkCode(after), finder));
            } else {
                follow(after, book.seq(), Optional.empty(), finder, turn);
            }
            book = after;
        }
        throw new ProblemException(new Problem.Unavailable(UnavailableReason.BOOK_CHANGES_TOO_FAST, BUSY));
    }

    private <F extends Finder> F begin(BookState book, Supplier<F> made, LargeReadings.Turn turn) {
        F finder = made.get();
        Optional<Index> index = rows.find(book.id())
                .filter(each -> each.generation() == book.generation()
                        && each.seq() <= book.seq()
                        && IndexVersion.isUsable(each.version(), version));
        index.ifPresent(each -> {
            for (Entry entry : finder.read(rows, book.id(), each)) {
                if (isIn(each, entry)) {
                    finder.put(entry.uid(), entry.entry(), entry.label(), entry.name(), entry.marks());
                }
            }
        });
        boolean near = follow(book, index.map(Index::seq).orElse(0L), index.flatMap(Index::within), finder, turn);
        if (index.isEmpty() || !near) {
            requests.add(book.owner());
        }
        return finder;
    }

    /** Entries of contacts that the index comes to later are left over from before they were changed, or are about to be replaced. */
    private static boolean isIn(Index index, Entry entry) {
        return entry.seq() <= index.seq()
                || entry.seq() == index.seq() + 1
                        && index.within()
                                .filter(last ->
                                        Arrays.compareUnsigned(entry.uid().utf8(), last.utf8()) <= 0)
                                .isPresent();
    }

    /**
     * Takes over what has changed since; whether that was little. More than one slice is read only when it is its turn.
     *
     * @param within continues behind this uid at the next sequence number
     */
    private boolean follow(BookState book, long seq, Optional<Uid> within, Finder finder, LargeReadings.Turn turn) {
        if (seq >= book.seq()) {
            return true;
        }
        long from = seq;
        Optional<Uid> after = within;
        int count = 0;
        long bytes = 0;
        while (true) {
            Deadline.current().check();
            RowPage page = contacts.changedSince(book.id(), book.generation(), from, after, SLICE);
            for (StoredContact contact : page.rows()) {
                Deadline.current().check();
                finder.remove(contact.uid());
                contact.now().ifPresent(now -> finder.put(contact.uid(), IndexedCard.of(now.card())));
                count++;
                bytes += contact.now().map(now -> now.card().length()).orElse(0);
            }
            if (!page.more()) {
                return count <= Indexing.LEAST && bytes <= MOST_UNSEEN_BYTES;
            }
            // Also if this look-up is refused or does not end in time: those that come later need it.
            requests.add(book.owner());
            turn.take();
            StoredContact last = page.rows().get(page.rows().size() - 1);
            from = last.seq() - 1;
            after = Optional.of(last.uid());
        }
    }
}
