package org.contactsync.store.object;

import java.io.IOException;

/** The store does not do what it should. Has nothing of what it answered but the status. */
final class StoreException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int SERVER = 500;
    private static final int TOO_MANY = 429;

    private final int status;

    /** There was no answer that could be used. */
    StoreException(String message) {
        super(message);
        status = 0;
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
        status = 0;
    }

    /** It answered with this status. */
    StoreException(int status) {
        super("status=" + status);
        this.status = status;
    }

    /** Whether it answered at once that it will not do this, as with a wrong key. Asking it costs no time. */
    boolean isRefusal() {
        return status > 0 && status < SERVER && status != TOO_MANY;
    }
}
