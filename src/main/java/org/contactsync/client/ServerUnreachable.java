package org.contactsync.client;

/** The server gave no answer, also after several attempts. What was under way is kept and continued at the next push. */
public final class ServerUnreachable extends Exception {
    private static final long serialVersionUID = 1;

    public ServerUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
