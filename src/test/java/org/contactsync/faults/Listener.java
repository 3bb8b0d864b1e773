package org.contactsync.faults;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.contactsync.faults.Api.Endpoint;

/**
 * Listens to the events of a user at one instance after the other, and connects again when a stream ends. Writes down what it hears.
 * Has a thread of its own; thread-safe.
 */
final class Listener implements AutoCloseable {
    private static final AtomicInteger CONNECTIONS = new AtomicInteger();
    private static final long PAUSE_MILLIS = 500;

    private final HttpClient http;
    private final List<Endpoint> endpoints;
    private final String user;
    private final String token;
    private final Log log;
    private volatile long last = -1;
    private volatile boolean closed;

    Listener(HttpClient http, List<Endpoint> endpoints, String user, String token, Log log) {
        this.http = http;
        this.endpoints = List.copyOf(endpoints);
        this.user = user;
        this.token = token;
        this.log = log;
        Thread thread = new Thread(this::listen, "listener of " + user);
        thread.setDaemon(true);
        thread.start();
    }

    String user() {
        return user;
    }

    /** The seq of the last event; negative before the first one. */
    long last() {
        return last;
    }

    private void listen() {
        for (int n = 0; !closed; n++) {
            Endpoint endpoint = endpoints.get(n % endpoints.size());
            HttpRequest request = HttpRequest.newBuilder(endpoint.base().resolve("/v1/events"))
                    .header("Authorization", "Bearer " + token)
                    .header("Device-Id", "listener")
                    .build();
            try {
                HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
                if (answer.statusCode() == 200) {
                    read(endpoint.name(), answer.body());
                } else {
                    answer.body().close();
                }
            } catch (IOException e) {
                // A connection that ends is what faults are for.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            Pursuit.rest(PAUSE_MILLIS);
        }
    }

    private void read(String instance, InputStream body) throws IOException {
        int connection = CONNECTIONS.incrementAndGet();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    JsonObject data = Json.createReader(new StringReader(line.substring("data:".length())))
                            .readObject();
                    long seq = data.getJsonNumber("seq").longValue();
                    log.heard(user, new Event(instance, connection, log.now(), seq, data.getString("checkCode")));
                    last = seq;
                }
            }
        }
    }

    /** Ends with the next line that comes; heartbeats are lines. */
    @Override
    public void close() {
        closed = true;
    }
}
