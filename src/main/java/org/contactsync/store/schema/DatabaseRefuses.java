package org.contactsync.store.schema;

/** The database cannot be used, because of its settings or its state; the message tells the operator why. */
public final class DatabaseRefuses extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public DatabaseRefuses(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
