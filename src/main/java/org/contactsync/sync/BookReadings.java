package org.contactsync.sync;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.DigestTree;
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

    /** Cards of one page: bounds the memory of an answer. */
    private static final long PAGE_BYTES = 4 * 1024 * 1024;

    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Books books;
    private final BookPages pages;
    private final ChangesFeed feed;
    private final Tasks tasks;
    private final TaskViews views;

    public BookReadings(Books books, BookPages pages, Contacts contacts, Tasks tasks) {
        this.books = books;
        this.pages = pages;
        this.feed = new ChangesFeed(contacts, tasks);
        this.tasks = tasks;
        this.views = new TaskViews(tasks);
    }

    /** Something read from a book, with the book's state that it belongs to. */
    public record Reading<T>(BookState book, CheckCode checkCode, T value) {}

    /** A page of contacts; {@code more} says whether it goes on. */
    public record ContactPage(List<StoredContact> contacts, boolean more) {}

    /** A page of the changes feed; {@code more} says whether it goes on. */
    public record FeedPage(List<BookChange> changes, boolean more) {}

    /** The state of a book. Empty when the owner never had one. */
    public Optional<BookState> book(Owner owner) {
        return books.read(owner);
    }

    public static CheckCode checkCode(BookState book) {
        return new CheckCodes(book.key()).checkCode(book.digest());
    }

    /** Live contacts in the order of their uids, after {@code after}: at most {@code most}, and some 4 MiB of cards. */
    public Optional<Reading<ContactPage>> contacts(Owner owner, Optional<Uid> after, int most) {
        return consistent(owner, book -> {
            RowPage page = RowPage.of(
                    (last, slice) -> pages.contacts(
                            book.id(),
                            book.generation(),
                            last.map(StoredContact::uid).or(() -> after),
                            slice),
                    most,
                    PAGE_BYTES);
            return new ContactPage(page.rows(), page.more());
        });
    }

    public Optional<Reading<Optional<StoredContact>>> contact(Owner owner, Uid uid) {
        return consistent(owner, book -> pages.contact(book.id(), book.generation(), uid));
    }

    /** Uids and hashes of the contacts whose position starts with one of the prefixes. */
    public Optional<Reading<List<BookPages.Leaf>>> entries(Owner owner, List<String> prefixes) {
        return consistent(owner, book -> pages.leaves(book.id(), book.generation(), prefixes));
    }

    /** The digest tree below a prefix. */
    public Optional<Reading<DigestTree>> tree(Owner owner, String prefix) {
        return consistent(owner, book -> {
            DigestTree tree = new DigestTree();
            pages.eachLeaf(
                    book.id(), book.generation(), List.of(prefix), leaf -> tree.add(leaf.position(), leaf.entry()));
            return tree;
        });
    }

    /**
     * Changes after a sequence number: at most {@code most}, and some 4 MiB of cards.
     *
     * @param after goes on within the sequence number {@code since + 1}
     */
    public Optional<Reading<FeedPage>> changes(Owner owner, long since, Optional<Uid> after, int most) {
        return consistent(owner, book -> {
            RowPage page = feed.page(book, since, after, most, PAGE_BYTES);
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

    private static boolean sameContacts(BookState one, BookState other) {
        return one.seq() == other.seq() && one.generation() == other.generation();
    }
}
