package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.it.LibertyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A user who asks for restores of a large book as fast as he can, from many connections: nobody else notices, and the process lives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreStormIT {
    private static final Duration STORM = Duration.ofSeconds(12);
    private static final int CONNECTIONS = 24;
    private static final int CONTACTS = 3_000;
    private static final int SLICE = 750;

    private final LibertyServer server;

    RestoreStormIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory).withDatabase("restores").start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    @Test
    void aStormOfRestoresHoldsUpNobody() throws Exception {
        User greedy = new User("greedy");
        User honest = new User("honest");
        for (int round = 0; round < 2; round++) {
            for (int from = 0; from < CONTACTS; from += SLICE) {
                assertThat(greedy.change(puts("greedy", from, from + SLICE, "round " + round))
                                .statusCode())
                        .isEqualTo(200);
            }
        }
        long pid = server.pid();
        List<String> bodies =
                List.of("{\"seq\":0,\"dryRun\":true}", "{\"seq\":4}", "{\"seq\":8}", "{\"seq\":1}", "{\"seq\":0}");
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        Instant until = Instant.now().plus(STORM);
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        List<Future<?>> storm = new ArrayList<>();
        for (int thread = 0; thread < CONNECTIONS; thread++) {
            int own = thread;
            storm.add(threads.submit(() -> {
                for (int n = own; Instant.now().isBefore(until); n++) {
                    HttpResponse<String> answer = n % 6 == 5
                            ? greedy.send("GET", "/v1/book/trash?limit=200", "")
                            : greedy.send("POST", "/v1/book/restore", bodies.get(n % 5));
                    answers.merge(answer.statusCode(), 1, Integer::sum);
                }
                return null;
            }));
        }
        int changes = 0;
        while (Instant.now().isBefore(until)) {
            assertThat(honest.change(puts("honest", changes++, changes, "x")).statusCode())
                    .as("a change of somebody else")
                    .isEqualTo(200);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        for (Future<?> each : storm) {
            each.get();
        }

        System.out.println("restore storm: answers=" + new TreeMap<>(answers) + " changes of another user=" + changes);
        assertThat(answers.keySet()).isSubsetOf(200, 202, 409, 412, 429, 503);
        assertThat(changes).isGreaterThan(3);
        assertThat(greedy.restoreUntilDone("{\"seq\":4}")).contains("\"count\":" + CONTACTS);
        assertThat(server.pid()).isEqualTo(pid);
        assertThat(Files.readString(server.log())).doesNotContain("OutOfMemoryError");
    }

    /** One user as the server sees him. */
    private final class User {
        private final String token;

        User(String name) throws IOException {
            token = server.developmentToken(name);
        }

        HttpResponse<String> change(String body) throws IOException {
            Matcher code = Pattern.compile("\"checkCode\":\"([^\"]+)\"")
                    .matcher(send("GET", "/v1/book", "").body());
            assertThat(code.find()).isTrue();
            return send("PATCH", "/v1/book/contacts", body, "If-Match", "\"" + code.group(1) + "\"");
        }

        /** After the storm: its last restores may still be under way. */
        String restoreUntilDone(String body) throws Exception {
            Instant end = Instant.now().plus(Duration.ofMinutes(2));
            while (true) {
                HttpResponse<String> answer = send("POST", "/v1/book/restore", body, "Prefer", "wait=50");
                if (answer.statusCode() == 200) {
                    return answer.body();
                }
                assertThat(Instant.now()).as(answer.body()).isBefore(end);
                Thread.sleep(500);
            }
        }

        HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException {
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

    private static String puts(String uid, int from, int to, String note) {
        return IntStream.range(from, to)
                .mapToObj(n -> "{\"op\":\"put\",\"uid\":\"" + uid + n
                        + "\",\"card\":{\"@type\":\"Card\",\"version\":\"1.0\",\"notes\":{\"k1\":{\"note\":\""
                        + note + "\"}}}}")
                .collect(Collectors.joining(",", "{\"changes\":[", "]}"));
    }
}
