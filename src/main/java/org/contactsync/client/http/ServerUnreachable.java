package org.contactsync.client.http;

/** The server did not answer, even after several attempts. The next push continues what was in progress. */
public final class ServerUnreachable extends Exception {
    private static final long serialVersionUID = 1;

    public ServerUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
