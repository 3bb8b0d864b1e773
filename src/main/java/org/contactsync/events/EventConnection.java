package org.contactsync.events;

import java.io.IOException;

/** The way to one listener. No method waits for it. One thread at a time. */
public interface EventConnection {
    /**
     * Gives text to it, in ASCII.
     *
     * @return whether all of it was taken; if not, the listener has not read for long
     * @throws IOException when the connection is broken
     */
    boolean send(String text) throws IOException;

    /** Whether the client has closed the connection. */
    boolean isGone();

    /** Ends the answer as it should end, and the connection; may be repeated, and called by any thread. */
    void end();

    /** Ends the connection at once; what the client has not read is lost. */
    void cut();
}
