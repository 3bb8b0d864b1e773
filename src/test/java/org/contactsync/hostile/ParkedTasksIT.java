package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A user who has as much waiting, and as large a book, as he can get: nobody else notices, and the process lives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParkedTasksIT {
    /** With the shipped heap the 97th task of 4 MB ended the process. */
    private static final int PARKED_BEFORE = 105;

    private static final int MOST_TRIES = 20;
    private static final String BOOK_BYTES = "4194304";

    private final LibertyServer server;

    ParkedTasksIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory)
                .with("BOOK_BYTES", BOOK_BYTES)
                .withDatabase("parked")
                .start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    @Test
    void aUserWhoHasMuchWaitingHoldsUpNobody() throws Exception {
        User greedy = new User("greedy");
        User honest = new User("honest");
        String first = greedy.checkCode();
        String upload = greedy.holdQueue(first);
        String large = changes("large", 16, 250_000);

        // 16 MiB of waiting tasks, and no more
        for (int i = 0; i < 4; i++) {
            assertThat(greedy.patch("device-" + i, first, large).statusCode()).isEqualTo(202);
        }
        for (int i = 4; i < 7; i++) {
            assertProblem(greedy.patch("device-" + i, first, large), 409, "queue-full");
            honest.change();
        }

        // as many and as large as the version before let them become
        server.kill();
        parkCopies();
        server.start();
        long pid = server.pid();
        String tiny = "{\"changes\":[{\"op\":\"delete\",\"uid\":\"nobody\"}]}";
        for (int i = 0; i < 5; i++) {
            assertProblem(greedy.patch("another", first, tiny), 409, "queue-full");
            honest.change();
        }
        // one that takes the place of all the copies, and so has to know each of them
        assertThat(greedy.patch("device-0", first, tiny).statusCode()).isEqualTo(202);
        honest.change();

        assertThat(greedy.send("DELETE", "/v1/sync-tasks/" + upload, "").statusCode())
                .isEqualTo(204);
        greedy.awaitEmptyQueue();
        honest.change();
        assertThat(server.pid()).isEqualTo(pid);
        assertThat(Files.readString(server.log())).doesNotContain("OutOfMemoryError");
    }

    @Test
    void aUserWhoseBookIsFullIsToldSoAndNobodyElse() throws Exception {
        User greedy = new User("collector");
        User honest = new User("frugal");
        assertThat(greedy.patch("phone", greedy.checkCode(), changes("a", 16, 250_000))
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> more = greedy.patch("phone", greedy.checkCode(), changes("b", 1, 250_000));

        assertProblem(more, 422, "book-full");
        honest.change();
        String delete = "{\"changes\":[{\"op\":\"delete\",\"uid\":\"a0\"}]}";
        assertThat(greedy.patch("phone", greedy.checkCode(), delete).statusCode())
                .isEqualTo(200);
        assertThat(greedy.patch("phone", greedy.checkCode(), changes("b", 1, 250_000))
                        .statusCode())
                .isEqualTo(200);
    }

    /** One user as the server sees him. */
    private final class User {
        private final String token;
        private int changes;

        User(String name) throws IOException {
            token = server.developmentToken(name);
        }

        String checkCode() throws Exception {
            return member(send("GET", "/v1/book", "").body(), "checkCode");
        }

        /** A change that must be made, at the first try. */
        void change() throws Exception {
            String body = changes("honest-" + changes++, 1, 100);
            assertThat(once(
                                    "PATCH",
                                    "/v1/book/contacts",
                                    body,
                                    "If-Match",
                                    "\"" + checkCode() + "\"",
                                    "Prefer",
                                    "wait=50")
                            .statusCode())
                    .isEqualTo(200);
        }

        /** Tried again with the same key as protocol 7.4 says. */
        HttpResponse<String> patch(String device, String first, String body) throws Exception {
            return send(
                    "PATCH",
                    "/v1/book/contacts",
                    body,
                    "If-Match",
                    "\"" + first + "\"",
                    "Idempotency-Key",
                    "\"" + UUID.randomUUID() + "\"",
                    "Device-Id",
                    device);
        }

        /** An upload that has sent one of its two chunks; its id. */
        String holdQueue(String first) throws Exception {
            String plan = "{\"kind\":\"initial\",\"checkBefore\":\"" + first + "\",\"chunks\":2,\"contacts\":2}";
            String id = member(send("POST", "/v1/sync-tasks", plan).body(), "id");
            String chunk = "{\"contacts\":[{\"uid\":\"held\",\"card\":{\"@type\":\"Card\",\"version\":\"1.0\"}}]}";
            String digest = Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(chunk.getBytes(StandardCharsets.UTF_8)));
            assertThat(send(
                                    "PUT",
                                    "/v1/sync-tasks/" + id + "/chunks/1",
                                    chunk,
                                    "Content-Digest",
                                    "sha-256=:" + digest + ":")
                            .statusCode())
                    .isEqualTo(200);
            return id;
        }

        void awaitEmptyQueue() throws Exception {
            Instant end = Instant.now().plus(Duration.ofMinutes(2));
            while (!send("GET", "/v1/book", "").body().contains("\"waiting\":0")) {
                assertThat(Instant.now()).isBefore(end);
                Thread.sleep(200);
            }
        }

        HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
            for (int i = 1; ; i++) {
                HttpResponse<String> answer = once(method, path, body, headers);
                boolean later = answer.statusCode() == 503
                        || answer.statusCode() == 429
                        || answer.body().contains("idempotency-key-in-progress");
                if (!later || i == MOST_TRIES) {
                    return answer;
                }
                Thread.sleep(500);
            }
        }

        private HttpResponse<String> once(String method, String path, String body, String... headers)
                throws IOException {
            HttpRequest.Builder request = server.request(path)
                    .header("Authorization", "Bearer " + token)
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (!body.isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return server.send(request.build());
        }
    }

    /** Copies one of the waiting tasks, as the version before wrote them. */
    private void parkCopies() throws SQLException {
        try (Connection connection = database()) {
            connection.setAutoCommit(false);
            try (PreparedStatement task = connection.prepareStatement(
                            "insert into sync_task (id, book_id, kind, state, device, accepted_at_micros, request_digest,"
                                    + " first_code, reply_queue, reply_correlation, expires_at_millis, attempts)"
                                    + " select ?, book_id, kind, state, device, accepted_at_micros, request_digest,"
                                    + " first_code, reply_queue, reply_correlation, expires_at_millis, attempts"
                                    + " from sync_task where device = 'device-0' and state = 'WAITING' limit 1");
                    PreparedStatement step = connection.prepareStatement(
                            "insert into waiting_step (task_id, book_id, payload, next_attempt_millis, named_until_millis)"
                                    + " select ?, w.book_id, w.payload, w.next_attempt_millis, 0 from waiting_step w"
                                    + " join sync_task t on t.id = w.task_id where t.device = 'device-0' limit 1");
                    PreparedStatement book = connection.prepareStatement(
                            "update book set open_tasks = open_tasks + ? where open_tasks > 0")) {
                for (int i = 0; i < PARKED_BEFORE; i++) {
                    UUID copy = UUID.randomUUID();
                    task.setObject(1, copy);
                    step.setObject(1, copy);
                    // the step first: its source is then the task's only one
                    assertThat(step.executeUpdate()).isEqualTo(1);
                    assertThat(task.executeUpdate()).isEqualTo(1);
                }
                book.setInt(1, PARKED_BEFORE);
                assertThat(book.executeUpdate()).isEqualTo(1);
            }
            connection.commit();
        }
    }

    private Connection database() throws SQLException {
        if (TestDatabase.kind().equals("postgres")) {
            return DriverManager.getConnection(
                    "jdbc:postgresql://%s:%s/contact_sync_parked"
                            .formatted(System.getenv("DB_HOST"), System.getenv("DB_PORT")),
                    System.getenv("DB_USER"),
                    System.getenv("DB_PASSWORD"));
        }
        return DriverManager.getConnection(
                "jdbc:h2:file:" + server.data().resolve("h2").resolve("contact-sync")
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
                "sa",
                "");
    }

    private static String changes(String uid, int count, int bytes) {
        return IntStream.range(0, count)
                .mapToObj(n -> "{\"op\":\"put\",\"uid\":\"" + uid + n
                        + "\",\"card\":{\"@type\":\"Card\",\"version\":\"1.0\",\"notes\":{\"k1\":{\"note\":\""
                        + "x".repeat(bytes) + "\"}}}}")
                .collect(Collectors.joining(",", "{\"changes\":[", "]}"));
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.body()).contains("urn:contact-sync:problem:" + code + "\"");
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(found.find()).as(json).isTrue();
        return found.group(1);
    }
}
