package org.contactsync.sync.scrub;

import java.util.Optional;
import java.util.function.Consumer;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.task.Books;

/** Finds books to scrub, and hands on the digest trees of large ones that agree with their contacts. Thread-safe. */
public final class Scrubs {
    private final Books books;
    private final Contacts contacts;
    private final ScrubRows rows;
    private final Consumer<BookTree> trees;
    private final long leastContacts;

    /**
     * @param trees takes the trees
     * @param leastContacts of a book that is large
     */
    public Scrubs(Books books, Contacts contacts, ScrubRows rows, Consumer<BookTree> trees, long leastContacts) {
        this.books = books;
        this.contacts = contacts;
        this.rows = rows;
        this.trees = trees;
        this.leastContacts = leastContacts;
    }

    /** The book with the next id. */
    public Optional<ScrubRows.Book> next(long after) {
        return rows.next(after);
    }

    public BookScrub begin(ScrubRows.Book book) {
        return new BookScrub(books, contacts, rows, book, trees, leastContacts);
    }
}
