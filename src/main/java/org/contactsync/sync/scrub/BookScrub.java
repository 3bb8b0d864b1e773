package org.contactsync.sync.scrub;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Contacts.FeedRow;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.scrub.ScrubRows.Range;
import org.contactsync.sync.scrub.ScrubRows.Row;
import org.contactsync.sync.task.Books;

/**
 * Recomputes one book, slice by slice, and compares it with its row. If the book changes meanwhile, the slices that contain changed
 * contacts are read again, until all of them belong to one state of the book. One thread at a time; reads only.
 */
public final class BookScrub {
    /** Rows of one step. */
    static final int SLICE = 100;

    /** A book that has changed before this many comparisons is left for the next round. */
    private static final int MOST_COMPARISONS = 20;

    /** If more contacts have changed, the book is read from its beginning. */
    private static final int MOST_CHANGES = 1_000;

    private static final byte[] BEFORE_ALL = {};

    private final Books books;
    private final Contacts contacts;
    private final ScrubRows rows;
    private final ScrubRows.Book of;
    private final Consumer<BookTree> trees;
    private final long leastContacts;

    /** What is still to be read, the next one first. */
    private final Deque<Range> ahead = new ArrayDeque<>();

    /** What has been read, by the start of the range. */
    private final TreeMap<byte[], Slice> read = new TreeMap<>(Arrays::compareUnsigned);

    private Optional<Started> started = Optional.empty();

    /** Of a large book. */
    private Optional<ScrubbedTree> tree = Optional.empty();

    private int comparisons;
    private int cost;

    private record Slice(Range range, Tally tally) {}

    /** The state to which all slices that have been read belong, apart from changes after it. */
    private record Started(BookState book, CheckCodes codes) {}

    BookScrub(
            Books books,
            Contacts contacts,
            ScrubRows rows,
            ScrubRows.Book of,
            Consumer<BookTree> trees,
            long leastContacts) {
        this.books = books;
        this.contacts = contacts;
        this.rows = rows;
        this.of = of;
        this.trees = trees;
        this.leastContacts = leastContacts;
    }

    /** What has come of a book. */
    public sealed interface Result {
        /** The book agrees with its contacts. */
        record Agrees() implements Result {}

        record Differs(Finding finding) implements Result {}

        /** The book changed too often to be compared. */
        record Restless() implements Result {}

        /** There is no such book any more. */
        record Gone() implements Result {}
    }

    public ScrubRows.Book book() {
        return of;
    }

    /** Rows that the last step has read. */
    public int cost() {
        return cost;
    }

    /** Reads one slice, or compares; empty until the result is there. */
    public Optional<Result> step() {
        cost = 0;
        try {
            return next();
        } catch (IllegalArgumentException unreadable) {
            return Optional.of(differs(0, EnumSet.of(Part.BOOK), Tally.NOTHING));
        }
    }

    private Optional<Result> next() {
        if (!of.owner().map(Owner::key).equals(Optional.of(of.key()))) {
            return Optional.of(differs(0, EnumSet.of(Part.BOOK), Tally.NOTHING));
        }
        if (!ahead.isEmpty() && started.isPresent()) {
            readSlice(started.get());
            return Optional.empty();
        }
        Optional<BookState> now = books.read(of.owner().orElseThrow()).filter(each -> each.id() == of.id());
        if (now.isEmpty()) {
            return Optional.of(new Result.Gone());
        }
        if (started.isPresent() && isSame(started.get().book(), now.get())) {
            return Optional.of(compare(now.get()));
        }
        if (comparisons++ == MOST_COMPARISONS) {
            return Optional.of(new Result.Restless());
        }
        bringTo(now.get());
        return Optional.empty();
    }

    private void readSlice(Started at) {
        Range range = ahead.removeFirst();
        List<Row> found = rows.rows(at.book().id(), at.book().generation(), range, SLICE);
        cost = found.size();
        tree.ifPresent(each -> each.add(found));
        Range whole = range;
        if (found.size() == SLICE) {
            byte[] last = found.get(SLICE - 1).uid();
            whole = new Range(range.start(), Optional.of(last));
            if (range.end().isEmpty()
                    || Arrays.compareUnsigned(last, range.end().get()) < 0) {
                ahead.addFirst(new Range(last, range.end()));
            }
        }
        read.put(whole.start(), new Slice(whole, Tally.of(found, at.codes())));
    }

    /** Makes the slices be read again that the state {@code now} may have changed. */
    private void bringTo(BookState now) {
        Optional<List<FeedRow>> changed = started.map(Started::book)
                .filter(book -> book.generation() == now.generation()
                        && book.changesFrom() == now.changesFrom()
                        && book.seq() <= now.seq())
                .map(book -> contacts.feedRows(
                        book.id(), book.generation(), book.seq(), Optional.empty(), now.seq(), MOST_CHANGES));
        cost = changed.map(List::size).orElse(0);
        started = Optional.of(new Started(now, new CheckCodes(now.key())));
        if (changed.isEmpty() || changed.get().size() == MOST_CHANGES) {
            read.clear();
            ahead.clear();
            tree = now.digest().count() < leastContacts ? Optional.empty() : Optional.of(new ScrubbedTree(now));
            ahead.add(new Range(BEFORE_ALL, Optional.empty()));
            return;
        }
        for (FeedRow row : changed.get()) {
            Map.Entry<byte[], Slice> slice = read.lowerEntry(row.uid().utf8());
            if (slice != null && isIn(slice.getValue().range(), row.uid().utf8())) {
                read.remove(slice.getKey());
                ahead.add(slice.getValue().range());
            }
        }
    }

    private static boolean isIn(Range range, byte[] uid) {
        return range.end().isEmpty() || Arrays.compareUnsigned(uid, range.end().get()) <= 0;
    }

    private static boolean isSame(BookState one, BookState other) {
        return one.seq() == other.seq()
                && one.generation() == other.generation()
                && one.changesFrom() == other.changesFrom();
    }

    private Result compare(BookState book) {
        Tally all = read.values().stream().map(Slice::tally).reduce(Tally.NOTHING, Tally::plus);
        Set<Part> wrong = EnumSet.noneOf(Part.class);
        if (all.digest().count() != book.digest().count()) {
            wrong.add(Part.COUNT);
        }
        if (!all.digest().sum().equals(book.digest().sum())) {
            wrong.add(Part.SUM);
        }
        if (book.cardBytes().isPresent() && book.cardBytes().getAsLong() != all.bytes()) {
            wrong.add(Part.BYTES);
        }
        if (all.lastSeq() > book.seq()) {
            wrong.add(Part.SEQ);
        }
        if (all.wrong() > 0) {
            wrong.add(Part.CONTACTS);
        }
        if (!wrong.isEmpty()) {
            return differs(book.seq(), wrong, all);
        }
        tree.map(ScrubbedTree::tree).ifPresent(trees);
        return new Result.Agrees();
    }

    private Result differs(long seq, Set<Part> parts, Tally tally) {
        return new Result.Differs(new Finding(of.id(), of.key(), seq, parts, tally.wrong(), tally.listed()));
    }
}
