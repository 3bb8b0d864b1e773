package org.contactsync.client.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.HttpTimeout;
import org.contactsync.client.http.port.Receiver;
import org.contactsync.client.http.port.Request;

/** One request, sent once, and the wait for its answer. */
final class OneRequest {
    private OneRequest() {}

    /**
     * @param most for the whole answer
     * @throws HttpTimeout also after {@code most}; the connection is ended then
     * @throws UncheckedIOException of the receiver, as it threw it
     */
    static Head send(HttpPort http, Request request, Receiver receiver, Duration most)
            throws IOException, InterruptedException {
        CompletableFuture<Head> coming = http.send(request, receiver);
        try {
            return coming.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeout("the answer did not end within " + most.toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof UncheckedIOException local) {
                throw local;
            }
            throw new IOException("the answer is not HTTP", e.getCause());
        } finally {
            coming.cancel(true); // ends the connection of an answer that is not waited for any more
        }
    }
}
