package org.contactsync.transport;

/** One connection of a client, as the watch sees it. Two values are equal if they represent the same connection. */
interface Connection {
    /** What a thread of the server waits for, if any. */
    Wait waitsFor();

    /**
     * A number that grows by the bytes that the client has taken, or sent, in the current wait; approximate for earlier
     * parts.
     */
    long moved();

    Client client();

    /** Makes the wait fail now, so that the thread becomes free and the connection is closed. */
    void end();

    /** What the thread of a connection waits for. */
    enum Wait {
        /** No thread waits for the client. */
        NOTHING,
        /** A thread waits until the client takes bytes of its answer. */
        TO_WRITE,
        /** A thread waits until the client sends bytes of its body. */
        TO_READ
    }
}
