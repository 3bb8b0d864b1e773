package org.contactsync.sync;

/** A write that came too late: the book's row has moved on. The transaction must end without effect. */
public final class StaleBookException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public StaleBookException(long book, long revision) {
        super("book row has moved on: book=" + book + " revision=" + revision);
    }
}
