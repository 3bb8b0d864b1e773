package org.contactsync.client.local;

/** The local database cannot be read or written: disk, permissions, another process that holds it too long. */
public final class LocalDatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LocalDatabaseFailure(String message, Throwable cause) {
        super(message, cause);
    }

    public LocalDatabaseFailure(String message) {
        super(message);
    }
}
