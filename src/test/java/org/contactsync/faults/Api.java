package org.contactsync.faults;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.LongSupplier;

/** One device's way to the service: speaks to one instance and, when it likes, to another. One thread at a time. */
final class Api {
    static final String TASKS = "/v1/sync-tasks";
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final JsonObject NOTHING = JsonObject.EMPTY_JSON_OBJECT;

    private final HttpClient http;
    private final List<Endpoint> endpoints;
    private final String token;
    private final String device;
    private final LongSupplier clock;
    private int at;

    /** An instance as a client sees it. */
    record Endpoint(String name, URI base) {}

    /**
     * An answer, or none.
     *
     * @param status 0 when there was none
     * @param came the status and the code of the problem, or why there was no answer
     */
    record Reply(String instance, long invoked, long returned, int status, JsonObject body, String came) {
        /** The code of the problem; empty when it is none. */
        String problem() {
            String type = body.getString("type", "");
            return type.substring(type.lastIndexOf(':') + 1);
        }

        /** Whether the same request may have another outcome later: nothing is known of it now. */
        boolean unknown() {
            return status == 0
                    || status >= 500
                    || status == 401
                    || status == 408 // protocol 7.2: it may still be accepted
                    || status == 429
                    || problem().equals("queue-full");
        }
    }

    /** @param http shared by all devices */
    Api(HttpClient http, List<Endpoint> endpoints, String token, String device, LongSupplier clock) {
        this.http = http;
        this.endpoints = List.copyOf(endpoints);
        this.token = token;
        this.device = device;
        this.clock = clock;
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    long now() {
        return clock.getAsLong();
    }

    String instance() {
        return endpoints.get(at).name();
    }

    /** The next request goes to another instance. */
    void change() {
        at = (at + 1) % endpoints.size();
    }

    Reply get(String path, Duration most, String... headers) {
        return send("GET", path, "", most, headers);
    }

    /** Never throws for want of an answer. */
    Reply send(String method, String path, String body, Duration most, String... headers) {
        Endpoint endpoint = endpoints.get(at);
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.base().resolve(path))
                .timeout(most)
                .header("Authorization", "Bearer " + token)
                .header("Device-Id", device)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        long invoked = now();
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            JsonObject answer = json(response.body());
            Reply reply = new Reply(endpoint.name(), invoked, now(), response.statusCode(), answer, "");
            String came = (response.statusCode() + " " + reply.problem()).strip();
            return new Reply(endpoint.name(), invoked, reply.returned(), response.statusCode(), answer, came);
        } catch (IOException e) {
            String came = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
            return new Reply(endpoint.name(), invoked, now(), 0, NOTHING, came);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply(endpoint.name(), invoked, now(), 0, NOTHING, "interrupted");
        }
    }

    /** Sends a request of an operation and writes it down. */
    Reply send(
            Operation operation, String step, String method, String path, String body, Duration most, String... more) {
        Reply reply = send(method, path, body, most, more);
        operation.attempted(
                new Operation.Attempt(step, reply.instance(), reply.invoked(), reply.returned(), reply.came()));
        return reply;
    }

    static String digest(String body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonObject json(String text) {
        if (!text.startsWith("{")) {
            return NOTHING;
        }
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException e) {
            return NOTHING;
        }
    }
}
