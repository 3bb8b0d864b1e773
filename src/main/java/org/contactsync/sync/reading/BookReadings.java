package org.contactsync.sync.reading;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.TaskViews;
import org.contactsync.sync.task.Tasks;

/**
 * Reads books: committed contacts, never half an upload, each with the check code of exactly the state that it was read
 * from. Needs no transaction and takes no lock. Thread-safe.
 */
public final class BookReadings {
    /** Cards of one page: bounds the memory of an answer (protocol 6.2.1). */
    private static final long PAGE_BYTES = 1024 * 1024;

    private final Books books;
    private final ConsistentReads reads;
    private final Contacts contacts;
    private final BookPages pages;
    private final ChangesFeed feed;
    private final DigestTrees trees;
    private final Tasks tasks;
    private final TaskViews views;

    public BookReadings(Books books, BookPages pages, Contacts contacts, Tasks tasks, DigestTrees trees) {
        this.books = books;
        reads = new ConsistentReads(books);
        this.contacts = contacts;
        this.pages = pages;
        this.feed = new ChangesFeed(contacts, tasks);
        this.trees = trees;
        this.tasks = tasks;
        this.views = new TaskViews(tasks);
    }

    /** A value read from a book, with the state of the book that it belongs to. */
    public record Reading<T>(BookState book, CheckCode checkCode, T value) {}

    /** A page of contacts; {@code more} says whether it goes on. */
    public record ContactPage(List<StoredContact> contacts, boolean more) {}

    /** A page of uids and hashes; {@code more} says whether it goes on. */
    public record EntriesPage(List<BookPages.Leaf> entries, boolean more) {}

    /**
     * A page of the changes feed.
     *
     * @param rest after which row the feed goes on; empty at its end
     */
    public record FeedPage(List<BookChange> changes, Optional<FeedRow> rest) {
        public boolean more() {
            return rest.isPresent();
        }
    }

    /** A row of the feed, whether its change is told or left out. */
    public record FeedRow(long seq, Uid uid) {}

    /** The state of a book. Empty when the owner never had one. */
    public Optional<BookState> book(Owner owner) {
        return books.read(owner);
    }

    /** The states of the books of the owners that have one, in no order; read together, {@link Books#MOST_AT_ONCE} at once. */
    public List<BookState> books(List<Owner> owners) {
        List<BookState> found = new ArrayList<>();
        for (int from = 0; from < owners.size(); from += Books.MOST_AT_ONCE) {
            Deadline.current().check();
            found.addAll(books.readAll(owners.subList(from, Math.min(owners.size(), from + Books.MOST_AT_ONCE))));
        }
        return found;
    }

    public static CheckCode checkCode(BookState book) {
        return new CheckCodes(book.key()).checkCode(book.digest());
    }

    /** What the owner is told of a book at first (protocol 4.1). */
    public static BookHead head(BookState book) {
        return new BookHead(
                book.digest().count(),
                book.seq(),
                checkCode(book),
                book.key(),
                book.hold().isPresent() ? 1 : 0,
                book.openTasks(),
                book.changesFrom());
    }

    /** Live contacts in the order of their uids, after {@code after}: at most {@code most}, and some MiB of cards. */
    public Optional<Reading<ContactPage>> contacts(Owner owner, Optional<Uid> after, int most) {
        return consistent(owner, book -> {
            RowPage page = pages.contacts(book.id(), book.generation(), after, new RowPage.Bounds(most, PAGE_BYTES));
            return new ContactPage(page.rows(), page.more());
        });
    }

    /** Hashes of those of the contacts that the book has now. */
    public Map<Uid, ContentHash> hashes(BookState book, Collection<Uid> uids) {
        return uids.isEmpty() ? Map.of() : contacts.hashes(book.id(), book.generation(), uids);
    }

    public Optional<Reading<Optional<StoredContact>>> contact(Owner owner, Uid uid) {
        return consistent(owner, book -> pages.contact(book.id(), book.generation(), uid));
    }

    /**
     * Uids and hashes of the contacts whose position starts with one of the prefixes, in the order of positions and uids, at most
     * {@code most}.
     *
     * @param after continues after this uid
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
     * Nodes of the digest tree: those {@code depth} levels below each of {@code prefixes}, by their full prefix, in the order asked.
     *
     * @param prefixes each at most once and of 0 to 4 lower-case hex digits; with {@code depth}, which is at most 3, at most 4
     */
    public Optional<Reading<Map<String, BookDigest>>> nodes(Owner owner, List<String> prefixes, int depth) {
        Optional<Reading<DigestTrees.Nodes>> read = depth == 0 && prefixes.equals(List.of(""))
                ? consistent(owner, BookReadings::root)
                : consistent(owner, book -> trees.nodes(book, prefixes, depth));
        if (read.isPresent() && isOfAnotherBook(read.get())) {
            trees.reject(read.get().book(), read.get().value());
            read = consistent(owner, book -> trees.nodesOfContacts(book, prefixes, depth));
        }
        return read.map(nodes ->
                new Reading<>(nodes.book(), nodes.checkCode(), nodes.value().byName()));
    }

    private static DigestTrees.Nodes root(BookState book) {
        return new DigestTrees.Nodes(Map.of("", book.digest()), Optional.empty(), false);
    }

    private static boolean isOfAnotherBook(Reading<DigestTrees.Nodes> read) {
        Optional<BookDigest> total = read.value().total();
        return total.isPresent() && !total.get().equals(read.book().digest());
    }

    /**
     * Changes after a sequence number: at most {@code most}, and some MiB of cards.
     *
     * @param after continues within the sequence number {@code since + 1}
     */
    public Optional<Reading<FeedPage>> changes(Owner owner, long since, Optional<Uid> after, int most) {
        return changes(owner, since, after, most, Optional.empty());
    }

    /**
     * As above, without the changes that one device made last. They count for the bounds of the page: a page may have none at
     * all, and the feed goes on.
     */
    public Optional<Reading<FeedPage>> changes(
            Owner owner, long since, Optional<Uid> after, int most, Optional<DeviceId> without) {
        return consistent(owner, book -> {
            RowPage page = feed.page(book, since, after, new RowPage.Bounds(most, PAGE_BYTES));
            List<BookChange> changes = page.rows().stream()
                    .filter(row -> without.isEmpty() || !row.device().equals(without))
                    .map(ChangesFeed::change)
                    .toList();
            return new FeedPage(changes, page.more() ? Optional.of(last(page)) : Optional.empty());
        });
    }

    private static FeedRow last(RowPage page) {
        StoredContact row = page.rows().get(page.rows().size() - 1);
        return new FeedRow(row.seq(), row.uid());
    }

    /** The task, if it belongs to that owner. */
    public Optional<TaskView> task(Owner owner, TaskId id) {
        return tasks.find(owner, id).flatMap(task -> books.read(owner).map(book -> views.of(book, task)));
    }

    /** The owner's unfinished tasks in order. */
    public List<TaskView> tasks(Owner owner) {
        return books.read(owner).map(views::unfinished).orElse(List.of());
    }

    private <T> Optional<Reading<T>> consistent(Owner owner, Function<BookState, T> read) {
        return reads.read(owner, read);
    }
}
