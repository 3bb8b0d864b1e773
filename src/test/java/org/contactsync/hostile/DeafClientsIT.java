package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.contactsync.it.LibertyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that open connections, send requests, and do not read: the server's threads and memory stay with the others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeafClientsIT {
    private static final byte[] NOTHING = new byte[0];
    private static final int CONNECTIONS = 150;
    private static final int IDLE = 2_000;
    private static final int INVENTED = 3_000;
    private static final int BOOK = 4_000;

    /** Those that may stay stuck ({@code StuckConnections.MANY_WRITING}); for half a second they may be more. */
    private static final int STUCK = 24;

    /** Until the requests of a burst are worked off, on a slow machine. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** The threads of the executor ({@code maxThreads}) and all others that the service has. */
    private static final int THREADS = 420;

    private static final int PROBES = 15;
    private static final Duration SLACK = Duration.ofSeconds(2);
    private static final String SCRIPT = "(?s).*script defer src=\"([^\"]+)\".*";

    @TempDir
    private static Path directory;

    private LibertyServer server;
    private Vitals vitals;
    private String authorization;

    @BeforeAll
    void start() throws IOException {
        server = LibertyServer.in(directory).with("DB_KIND", "h2").start();
        vitals = Vitals.of(server.pid());
        String token = server.developmentToken("deaf");
        authorization = "Authorization: Bearer " + token + "\r\n";
        new HonestUser(server.port(), token, BOOK, 1_000, 1, (kind, took) -> {}).close();
    }

    @AfterAll
    void stop() throws IOException {
        vitals.close();
        server.close();
    }

    Stream<byte[]> requests() throws IOException {
        String script = get("/openapi/ui/").text().replaceFirst(SCRIPT, "$1");
        return Stream.of(
                repeated(50, "/metrics", ""),
                repeated(20, "/openapi", ""),
                repeated(1, "/openapi/ui/" + script, ""),
                repeated(500, "/health", ""),
                repeated(500, "/v1/capabilities", ""),
                repeated(500, "/", ""),
                repeated(4, "/v1/book/contacts?limit=1000", authorization));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void oneThatDoesNotReadHasNoThread(byte[] requests) throws IOException {
        Duration quiet = probe();
        List<RawConnection> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                deaf.add(RawConnection.deafTo(server.port()).send(requests));
            }
            pause(2_000); // an honest probe should not be first in the queue of a burst
            assertThat(probe()).isLessThan(quiet.multipliedBy(3).plus(SLACK));
            assertThat(vitals.sample().threads()).isLessThan(THREADS);
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .atMost(SETTLED)
                    .untilAsserted(() -> assertThat(vitals.threadsIn("processSyncWriteRequest"))
                            .isLessThanOrEqualTo(STUCK));
            assertThat(vitals.sample().threads()).isLessThan(THREADS);
        } finally {
            deaf.forEach(RawConnection::close);
        }
    }

    @Test
    void oneThatIsIdleHasNoThread() throws IOException {
        Duration quiet = probe();
        List<RawConnection> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                idle.add(RawConnection.to(server.port()).send(i % 2 == 0 ? "" : "GET /v1/book HTTP/1.1\r\nHost: lo"));
            }
            assertThat(probe()).isLessThan(quiet.multipliedBy(3).plus(SLACK));
            assertThat(vitals.sample().threads()).isLessThan(THREADS);
        } finally {
            idle.forEach(RawConnection::close);
        }
    }

    @Test
    void inventedMethodsLeaveNothingBehind() throws IOException {
        for (String path : List.of("/", "/v1/book", "/metrics", "/openapi", "/openapi/ui/", "/health", "/nothing")) {
            assertThat(exchange("INVENTED", path).status()).as(path).isIn(404, 405, 501);
        }
        long series = series();
        double heap = vitals.liveHeap();
        String[] paths = {"/", "/v1/book", "/health", "/openapi/ui/", "/metrics", "/nothing"};
        for (int i = 0; i < INVENTED; i++) {
            try (RawConnection connection = RawConnection.to(server.port())) {
                connection.send("M%dX %s HTTP/1.1\r\nHost: h%d\r\nX-Invented: %d\r\nConnection: close\r\n\r\n"
                        .formatted(i, paths[i % paths.length], i, i));
                connection.receive(false);
            }
        }
        assertThat(series()).isLessThanOrEqualTo(series + 30);
        // 3,000 series were some 700 MB
        assertThat(vitals.liveHeap()).isLessThan(heap + 30);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /v1/capabilities | Accept: */*;q=x
            GET /v1/book         | Accept: application/json;q=
            GET /                | Accept: text/html, */*; q=a
            GET /v1/capabilities | Host: a/b
            GET /v1/book         | Host: [::1
            GET /                | Host: a b
            GET /v1\\book      | Host: localhost
            GET /metrics\\x    | Host: localhost
            GET /\\            | Host: localhost
            """)
    void aHeadThatIsNotWellFormedIsABadRequest(String request, String header) throws IOException {
        String host = header.startsWith("Host") ? "" : "Host: localhost\r\n";
        try (RawConnection connection = RawConnection.to(server.port())) {
            connection.send(request.strip() + " HTTP/1.1\r\n" + host + header + "\r\nConnection: close\r\n\r\n");
            RawConnection.Reply reply = connection.receive(false);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/v1/book", "/v1/capabilities", "/metrics", "/openapi", "/openapi/ui/", "/health", "/no"})
    void everyAnswerTellsTheBrowserToBeCareful(String path) throws IOException {
        RawConnection.Reply reply = get(path);
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Content-Security-Policy")).startsWith("default-src");
        assertThat(reply.header("Cache-Control")).isNotEmpty();
    }

    @Test
    void http2InClearTextIsOff() throws IOException {
        try (RawConnection connection = RawConnection.to(server.port())) {
            connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            assertThat(connection.endsWithin(Duration.ofSeconds(60))).isTrue();
        }
        String upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
        try (RawConnection connection = RawConnection.to(server.port())) {
            assertThat(connection
                            .exchange("GET", "/health/live", upgrade, NOTHING)
                            .status())
                    .isEqualTo(200);
        }
    }

    /** The median time of a health answer and a metrics answer, each over a new connection. */
    private Duration probe() throws IOException {
        long[] nanos = new long[PROBES];
        for (int i = 0; i < PROBES; i++) {
            long start = System.nanoTime();
            assertThat(get("/health/ready").status()).isEqualTo(200);
            assertThat(get("/metrics").status()).isEqualTo(200);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[PROBES / 2]);
    }

    private long series() throws IOException {
        pause(1_100); // metrics are made at most once a second
        return get("/metrics")
                .text()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
    }

    private RawConnection.Reply get(String path) throws IOException {
        return exchange("GET", path);
    }

    private RawConnection.Reply exchange(String method, String path) throws IOException {
        try (RawConnection connection = RawConnection.to(server.port())) {
            return connection.exchange(method, path, "Connection: close\r\n", NOTHING);
        }
    }

    private static byte[] repeated(int times, String path, String headers) {
        byte[] one = RawConnection.request("GET", path, headers, NOTHING);
        byte[] all = new byte[one.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(one, 0, all, i * one.length, one.length);
        }
        return all;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
