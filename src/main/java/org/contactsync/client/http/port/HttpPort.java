package org.contactsync.client.http.port;

import java.util.concurrent.CompletableFuture;

/**
 * The way to the network: sends requests as they are, once each. Only a GET may be sent again, over a new connection, when the server had closed
 * the one that was kept open. It follows no redirect, keeps no cookies and no answers, and does not unpack bodies. Implementations are thread-safe,
 * and set a limit to the time in which a connection has to be made.
 */
public interface HttpPort {
    /**
     * Sends a request, and gives what comes to {@code receiver}, in one thread at a time.
     *
     * @return done when the whole answer was received, or as much of it as the receiver wants. It fails with an {@link java.io.IOException} when
     *     there was no answer or only a part of it, with an {@link HttpTimeout} when that is a matter of time, and with what the receiver throws.
     *     Whoever cancels it ends the connection.
     */
    CompletableFuture<Head> send(Request request, Receiver receiver);
}
