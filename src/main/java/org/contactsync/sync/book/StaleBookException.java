package org.contactsync.sync.book;

/** Thrown if the book's row has changed since it was read. The transaction must be rolled back. */
public final class StaleBookException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public StaleBookException(long book, long revision) {
        super("book row has moved on: book=" + book + " revision=" + revision);
    }
}
