package org.contactsync.sync.scrub;

import java.util.Optional;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.task.Books;

/** Finds books to scrub. Thread-safe. */
public final class Scrubs {
    private final Books books;
    private final Contacts contacts;
    private final ScrubRows rows;

    public Scrubs(Books books, Contacts contacts, ScrubRows rows) {
        this.books = books;
        this.contacts = contacts;
        this.rows = rows;
    }

    /** The book with the next id. */
    public Optional<ScrubRows.Book> next(long after) {
        return rows.next(after);
    }

    public BookScrub begin(ScrubRows.Book book) {
        return new BookScrub(books, contacts, rows, book);
    }
}
