package org.contactsync.client;

/** The server's answer to a request that it may refuse for a reason the client acts on. */
sealed interface Reply<T> {
    /** It did what it was asked. */
    record Ok<T>(T value) implements Reply<T> {}

    /** It refused, and nothing has changed. */
    record Refused<T>(ServerProblem problem) implements Reply<T> {}
}
