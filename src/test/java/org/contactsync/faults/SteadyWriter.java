package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.Pause;

/**
 * A user whose device adds one contact after the other, whatever happens to the server: each with one key until it is answered 200.
 * What was answered so must be there for good. {@link #run} in a thread of its own; the rest by one thread when that has ended.
 */
final class SteadyWriter implements Runnable {
    private static final String NOTE = "n".repeat(8_000);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final LibertyServer server;
    private final String token;
    private final Set<String> acknowledged = new TreeSet<>();
    private String code;
    private volatile int done;
    private volatile boolean ending;
    private volatile String wrong = "";

    SteadyWriter(LibertyServer server, String user) throws IOException {
        this.server = server;
        token = server.developmentToken(user);
        HttpResponse<String> book = get("/v1/book");
        assertThat(book.statusCode()).isEqualTo(200);
        code = json(book).getString("checkCode");
    }

    /** How many contacts were acknowledged. */
    int done() {
        return done;
    }

    /** Lets {@link #run} end with the contact that it is adding. */
    void end() {
        ending = true;
    }

    @Override
    public void run() {
        for (int i = acknowledged.size(); !ending && wrong.isEmpty(); i++) {
            String uid = "contact-%06d".formatted(i);
            HttpRequest put = put(uid);
            while (!isDone(uid, put)) {
                if (!wrong.isEmpty()) {
                    return;
                }
                Pause.of(PAUSE);
            }
        }
    }

    private boolean isDone(String uid, HttpRequest put) {
        HttpResponse<String> answer;
        try {
            answer = server.send(put);
        } catch (IOException e) {
            return false;
        }
        switch (answer.statusCode()) {
            case 200 -> {
                code = json(answer).getString("checkCode");
                acknowledged.add(uid);
                done++;
                return true;
            }
            // 409: accepted at the last moment, and not yet done.
            case 202, 409, 503 -> {
                return false;
            }
            default -> {
                wrong = answer.statusCode() + " " + answer.body();
                return false;
            }
        }
    }

    private HttpRequest put(String uid) {
        String body = ("{\"changes\":[{\"op\":\"put\",\"uid\":\"%s\",\"card\":{\"@type\":\"Card\",\"version\":\"1.0\","
                        + "\"name\":{\"full\":\"%s\"},\"notes\":{\"k1\":{\"note\":\"%s\"}}}}]}")
                .formatted(uid, uid, NOTE);
        return server.request("/v1/book/contacts")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + code + "\"")
                .header("Idempotency-Key", "\"" + UUID.randomUUID() + "\"")
                .method("PATCH", BodyPublishers.ofString(body))
                .build();
    }

    /** What was acknowledged is in the book, each once, and nothing else. */
    void hasAllThatWasAcknowledged() throws IOException {
        assertThat(wrong).isEmpty();
        Set<String> found = new TreeSet<>();
        for (String path = "/v1/book/digests/entries?limit=5000"; !path.isEmpty(); ) {
            HttpResponse<String> page = get(path);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            json(page)
                    .getJsonArray("entries")
                    .forEach(entry -> found.add(entry.asJsonArray().getString(0)));
            path = json(page).getString("next", "");
        }
        assertThat(found.equals(acknowledged))
                .as("acknowledged %d, found %d", acknowledged.size(), found.size())
                .isTrue();
        assertThat(json(get("/v1/book")).getString("checkCode")).isEqualTo(code);
    }

    HttpResponse<String> get(String path) throws IOException {
        return server.send(
                server.request(path).header("Authorization", "Bearer " + token).build());
    }

    HttpResponse<String> send(String method, String path, String json) throws IOException {
        return server.send(server.request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json))
                .build());
    }

    /** Puts one contact into the book as it is, whatever comes of it. */
    HttpResponse<String> tryOnce() throws IOException {
        code = json(get("/v1/book")).getString("checkCode");
        return server.send(put("tried"));
    }

    static JsonObject json(HttpResponse<String> answer) {
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }
}
