package org.contactsync.client.http.port;

import java.io.IOException;

/** Takes an answer while it comes. For one answer. */
public interface Receiver {
    /** @return whether the body is wanted; if not, the connection may be ended */
    boolean begin(Head head) throws IOException;

    /**
     * The next piece of the body.
     *
     * @param bytes belongs to the caller; what is in it may be another thing after the call
     * @param length how many bytes of it are the piece, from the first
     * @return whether more is wanted; if not, the connection may be ended
     */
    boolean take(byte[] bytes, int length) throws IOException;
}
