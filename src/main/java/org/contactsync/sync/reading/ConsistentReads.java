package org.contactsync.sync.reading;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.task.Books;

/** Reads something of a book together with exactly the state of the book that it belongs to. Takes no lock. Thread-safe. */
public final class ConsistentReads {
    /** A book that changes during this many reads in a row is written faster than it can be read. */
    private static final int MOST_TRIES = 20;

    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Books books;

    public ConsistentReads(Books books) {
        this.books = books;
    }

    /**
     * Repeats the read until the book was the same before and after it; empty when the owner never had a book.
     *
     * @throws ProblemException {@code unavailable} when the book changes all the time
     */
    public <T> Optional<Reading<T>> read(Owner owner, Function<BookState, T> read) {
        Optional<BookState> before = books.read(owner);
        for (int i = 0; i < MOST_TRIES && before.isPresent(); i++) {
            Deadline.current().check();
            T value = read.apply(before.get());
            Optional<BookState> after = books.read(owner);
            if (after.isPresent() && sameContacts(before.get(), after.get())) {
                return Optional.of(new Reading<>(after.get(), BookReadings.checkCode(after.get()), value));
            }
            before = after;
        }
        if (before.isPresent()) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.BOOK_CHANGES_TOO_FAST, BUSY));
        }
        return Optional.empty();
    }

    /**
     * Also false if tombstones were removed in between: a feed, or a tree built from it, would lack them. Or if the book was erased, and
     * another one was begun.
     */
    private static boolean sameContacts(BookState one, BookState other) {
        return one.id() == other.id()
                && one.seq() == other.seq()
                && one.generation() == other.generation()
                && one.changesFrom() == other.changesFrom();
    }
}
