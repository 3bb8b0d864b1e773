package org.contactsync.sync.book;

/** Another transaction has locked the book, and the caller did not want to wait for it. */
public final class BookBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Nothing was asked that failed. */
    public BookBusyException() {
        super("the book is locked by another transaction");
    }

    /** @param cause the database's exception */
    public BookBusyException(Throwable cause) {
        super("the book is locked by another transaction", cause);
    }
}
