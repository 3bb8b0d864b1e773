package org.contactsync.client.http;

/** The server's answer to a request, or a refusal on which the client acts. */
public sealed interface Reply<T> {
    /** It did what it was asked. */
    record Ok<T>(T value) implements Reply<T> {}

    /** It refused, and nothing has changed. */
    record Refused<T>(ServerProblem problem) implements Reply<T> {}
}
