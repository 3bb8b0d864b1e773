package org.contactsync.store;

/** The database cannot be used as it is set or as it is; its text says why, in a sentence for who operates the service. */
public final class DatabaseRefuses extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    DatabaseRefuses(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
