package org.contactsync.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskView;

/**
 * What readers see of a book: committed contacts, never half an upload, each with the check code of exactly the book it was
 * read from. Needs no transaction and takes no lock. Thread-safe.
 */
public final class BookReadings {
    /** A book that changes during so many readings in a row is being written faster than it can be read. */
    private static final int MOST_TRIES = 20;

    /** Cards of one page: bounds the memory of an answer (protocol 6.2.1). */
    private static final long PAGE_BYTES = 1024 * 1024;

    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Books books;
    private final BookPages pages;
    private final ChangesFeed feed;
    private final DigestTrees trees;
    private final Tasks tasks;
    private final TaskViews views;

    public BookReadings(Books books, BookPages pages, Contacts contacts, Tasks tasks) {
        this.books = books;
        this.pages = pages;
        this.feed = new ChangesFeed(contacts, tasks);
        this.trees = new DigestTrees(pages);
        this.tasks = tasks;
        this.views = new TaskViews(tasks);
    }

    /** Something read from a book, with the book's state that it belongs to. */
    public record Reading<T>(BookState book, CheckCode checkCode, T value) {}

    /** A page of contacts; {@code more} says whether it goes on. */
    public record ContactPage(List<StoredContact> contacts, boolean more) {}

    /** A page of uids and hashes; {@code more} says whether it goes on. */
    public record EntriesPage(List<BookPages.Leaf> entries, boolean more) {}

    /** A page of the changes feed; {@code more} says whether it goes on. */
    public record FeedPage(List<BookChange> changes, boolean more) {}

    /** The state of a book. Empty when the owner never had one. */
    public Optional<BookState> book(Owner owner) {
        return books.read(owner);
    }

    public static CheckCode checkCode(BookState book) {
        return new CheckCodes(book.key()).checkCode(book.digest());
    }

    /** Live contacts in the order of their uids, after {@code after}: at most {@code most}, and some MiB of cards. */
    public Optional<Reading<ContactPage>> contacts(Owner owner, Optional<Uid> after, int most) {
        return consistent(owner, book -> {
            RowPage page = pages.contacts(book.id(), book.generation(), after, new RowPage.Bounds(most, PAGE_BYTES));
            return new ContactPage(page.rows(), page.more());
        });
    }

    public Optional<Reading<Optional<StoredContact>>> contact(Owner owner, Uid uid) {
        return consistent(owner, book -> pages.contact(book.id(), book.generation(), uid));
    }

    /**
     * Uids and hashes of the contacts whose position starts with one of the prefixes, in the order of positions and uids, at most
     * {@code most}.
     *
     * @param after goes on after the place of this uid
     */
    public Optional<Reading<EntriesPage>> entries(Owner owner, List<String> prefixes, Optional<Uid> after, int most) {
        List<PositionRange> ranges = PositionRange.below(prefixes);
        return consistent(owner, book -> {
            List<BookPages.Leaf> found = new ArrayList<>();
            Optional<Position> from = after.map(new CheckCodes(book.key())::position);
            for (PositionRange range : ranges) {
                if (from.isPresent() && range.last().value() < from.get().value()) {
                    continue;
                }
                boolean within = from.isPresent() && range.has(from.get());
                Deadline.current().check();
                found.addAll(pages.leaves(
                        book.id(),
                        book.generation(),
                        within ? new PositionRange(from.get(), range.last()) : range,
                        within ? after : Optional.empty(),
                        most + 1 - found.size()));
                if (found.size() > most) {
                    return new EntriesPage(List.copyOf(found.subList(0, most)), true);
                }
            }
            return new EntriesPage(found, false);
        });
    }

    /**
     * Nodes of the digest tree: those {@code depth} levels below {@code prefix}, by their full prefix.
     *
     * @param prefix 0 to 4 lower-case hex digits; with {@code depth}, which is at most 3, at most 4
     */
    public Optional<Reading<SortedMap<String, BookDigest>>> nodes(Owner owner, String prefix, int depth) {
        Optional<Reading<SortedMap<String, BookDigest>>> nodes = consistent(owner, book -> nodes(book, prefix, depth));
        if (nodes.isPresent()
                && prefix.isEmpty()
                && !sum(nodes.get().value()).equals(nodes.get().book().digest())) {
            // The database was set back while its tree was kept.
            trees.forget(nodes.get().book());
            return consistent(owner, book -> nodes(book, prefix, depth));
        }
        return nodes;
    }

    private SortedMap<String, BookDigest> nodes(BookState book, String prefix, int depth) {
        if (prefix.isEmpty() && depth == 0) {
            return new TreeMap<>(Map.of("", book.digest()));
        }
        boolean whole = prefix.length() + depth <= DigestTrees.LEVELS && (prefix.isEmpty() || trees.isKept(book));
        return (whole ? trees.whole(book) : trees.below(book, prefix, depth)).nodes(prefix, depth);
    }

    private static BookDigest sum(SortedMap<String, BookDigest> nodes) {
        return nodes.values().stream().reduce(BookDigest.EMPTY, BookDigest::plus);
    }

    /**
     * Changes after a sequence number: at most {@code most}, and some MiB of cards.
     *
     * @param after goes on within the sequence number {@code since + 1}
     */
    public Optional<Reading<FeedPage>> changes(Owner owner, long since, Optional<Uid> after, int most) {
        return consistent(owner, book -> {
            RowPage page = feed.page(book, since, after, new RowPage.Bounds(most, PAGE_BYTES));
            return new FeedPage(page.rows().stream().map(ChangesFeed::change).toList(), page.more());
        });
    }

    /** The task, when it is that owner's. */
    public Optional<TaskView> task(Owner owner, TaskId id) {
        return tasks.find(owner, id).flatMap(task -> books.read(owner).map(book -> views.of(book, task)));
    }

    /** The owner's unfinished tasks in order. */
    public List<TaskView> tasks(Owner owner) {
        return books.read(owner).map(views::unfinished).orElse(List.of());
    }

    /** Reads again until the book was the same before and after. */
    private <T> Optional<Reading<T>> consistent(Owner owner, Function<BookState, T> read) {
        Supplier<Optional<BookState>> state = () -> books.read(owner);
        Optional<BookState> before = state.get();
        for (int i = 0; i < MOST_TRIES && before.isPresent(); i++) {
            Deadline.current().check();
            T value = read.apply(before.get());
            Optional<BookState> after = state.get();
            if (after.isPresent() && sameContacts(before.get(), after.get())) {
                return Optional.of(new Reading<>(after.get(), checkCode(after.get()), value));
            }
            before = after;
        }
        if (before.isPresent()) {
            throw new ProblemException(
                    new Problem.Unavailable("the book is being written faster than it can be read", BUSY));
        }
        return Optional.empty();
    }

    /** Also when tombstones were removed between: a feed, or a tree made of it, would be without them. */
    private static boolean sameContacts(BookState one, BookState other) {
        return one.seq() == other.seq()
                && one.generation() == other.generation()
                && one.changesFrom() == other.changesFrom();
    }
}
