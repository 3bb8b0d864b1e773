package org.contactsync.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends one change after the other, until it is ended or one fails; a 503 is no failure. Several threads may run it. Thread-safe. */
final class RehearsalClient implements Runnable {
    private static final int ANSWER_MILLIS = 15_000;
    private static final int PAUSE_MILLIS = 200;

    /** The book that the change meets is made with it. */
    private static final String ANY_CODE = "\"ck1." + "A".repeat(43) + "\"";

    private final URI address;
    private final String secret;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean ended;
    private volatile int lastStatus;
    private volatile Optional<IOException> failure = Optional.empty();

    RehearsalClient(URI address, String secret) {
        this.address = address;
        this.secret = secret;
    }

    @Override
    public void run() {
        try {
            while (!ended) {
                send(RehearsedCard.request(begun.incrementAndGet()));
            }
        } catch (InterruptedException e) {
            ended = true;
        } catch (IOException e) {
            if (!ended) {
                failure = Optional.of(e);
            }
            ended = true;
        }
    }

    /** Ends after the requests that are on their way. */
    void end() {
        ended = true;
    }

    /** Why it ended, if nobody asked for it. */
    Optional<IOException> failure() {
        return failure;
    }

    /** Changes that were answered with what they would have come to. */
    int done() {
        return done.get();
    }

    /** Status of the last answer; 0 before the first one. */
    int lastStatus() {
        return lastStatus;
    }

    private void send(String body) throws IOException, InterruptedException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod("POST");
        connection.setConnectTimeout(ANSWER_MILLIS);
        connection.setReadTimeout(ANSWER_MILLIS);
        connection.setDoOutput(true);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        connection.setFixedLengthStreamingMode(bytes.length);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("If-Match", ANY_CODE);
        connection.setRequestProperty(Rehearsal.SECRET, secret);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(bytes);
        }
        int status = connection.getResponseCode();
        lastStatus = status;
        if (status == HttpURLConnection.HTTP_UNAVAILABLE) {
            // The broker or the database has not answered its first check.
            connection.disconnect();
            Thread.sleep(PAUSE_MILLIS);
            return;
        }
        if (status != HttpURLConnection.HTTP_OK) {
            connection.disconnect();
            throw new IOException("answered " + status);
        }
        // A connection whose answer was read is used again.
        try (InputStream in = connection.getInputStream()) {
            in.readAllBytes();
        }
        done.incrementAndGet();
    }
}
