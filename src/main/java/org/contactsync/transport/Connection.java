package org.contactsync.transport;

/** One connection of a client, as the watch sees it. Two values are equal if they are the same connection. */
interface Connection {
    /** What a thread of the server waits for, if one does. */
    Wait waitsFor();

    /** A number that grows by the bytes that the client has taken, or sent, in the present wait; roughly, for the parts before. */
    long moved();

    Client client();

    /** Makes the wait fail now, so that the thread gets free and the connection is closed. */
    void end();

    /** What the thread that belongs to a connection waits for. */
    enum Wait {
        /** No thread waits for the client. */
        NOTHING,
        /** That the client takes bytes of its answer. */
        TO_WRITE,
        /** That the client sends bytes of its body. */
        TO_READ
    }
}
