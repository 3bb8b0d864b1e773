package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.contactsync.hostile.RawConnection.Reply;
import org.contactsync.it.LibertyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients that listen to events: some do not read, some come and go, most are idle. The figures of idle ones are printed;
 * {@code -Devents.listeners=10000} has as many as an instance allows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EventCrowdIT {
    private static final int IDLE = Integer.getInteger("events.listeners", 1_000);
    private static final int OF_ONE_USER = 10;
    private static final int COME_AND_GO = 1_000;
    private static final int CONNECTING = 12;
    /** One that does not read is full after far fewer. */
    private static final int MOST_CHANGES = 300;

    private static final byte[] NOTHING = {};

    /** The end of an answer in chunks. */
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    /** Most that an idle listener may cost, in KiB of the heap; seen: see docs/performance.md. */
    private static final double MOST_HEAP = 64;

    private static final Duration SETTLED = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private LibertyServer server;
    private Vitals vitals;

    @BeforeAll
    void start() throws IOException {
        server = LibertyServer.in(directory)
                .with("DB_KIND", "h2")
                .with("RATE_BURST", "100000")
                .with("EVENT_LISTENERS", String.valueOf(Math.max(IDLE + 1, 10_000)))
                .start();
        vitals = Vitals.of(server.pid());
    }

    @AfterAll
    void stop() throws IOException {
        vitals.close();
        server.close();
    }

    @Test
    @Order(1)
    void clientsThatComeAndGoLeaveNothingBehind() throws Exception {
        close(listen(200, "warm-up-"));
        awaitListeners(0);
        double before = vitals.liveHeap();

        close(listen(COME_AND_GO, "passing-"));

        awaitListeners(0);
        double after = vitals.liveHeap();
        System.out.printf(Locale.ROOT, "%d came and went: heap %.1f -> %.1f MiB%n", COME_AND_GO, before, after);
        assertThat(after - before).as("MiB left behind").isLessThan(16);
    }

    @Test
    @Order(2)
    void anIdleOneCostsLittle() throws Exception {
        double heap = vitals.liveHeap();
        Vitals.Sample before = vitals.sample();
        List<RawConnection> idle = listen(IDLE, "idle-");
        try {
            awaitListeners(IDLE);
            double heapAfter = vitals.liveHeap();
            Vitals.Sample after = vitals.sample();
            double each = (heapAfter - heap) * 1024 / IDLE;
            System.out.printf(
                    Locale.ROOT,
                    "%d idle listeners: heap %.0f -> %.0f MiB, %.1f KiB each; direct %.1f -> %.1f MiB, %.1f KiB each; resident %.0f ->"
                            + " %.0f MiB, %.1f KiB each; threads %d -> %d%n",
                    IDLE,
                    heap,
                    heapAfter,
                    each,
                    before.direct(),
                    after.direct(),
                    (after.direct() - before.direct()) * 1024 / IDLE,
                    before.resident(),
                    after.resident(),
                    (after.resident() - before.resident()) * 1024 / IDLE,
                    before.threads(),
                    after.threads());
            assertThat(each).as("KiB of the heap").isLessThan(MOST_HEAP);
            assertThat(after.threads() - before.threads()).as("threads").isLessThan(60);

            String token = server.developmentToken("watched");
            String code = checkCode(token);
            try (RawConnection one = connect(token, "phone")) {
                assertThat(change(token, code, 0).status()).isEqualTo(200);
                one.read(SETTLED, "\"seq\":1,");
            }
        } finally {
            close(idle);
        }
        awaitListeners(0);
    }

    /** Their sockets fill up while the book changes quickly; the one that reads is told all the time. */
    @Test
    @Order(3)
    void oneThatDoesNotReadIsEndedAndDelaysNobody() throws Exception {
        String token = server.developmentToken("deaf");
        String code = checkCode(token);
        List<RawConnection> deaf = new ArrayList<>();
        try (RawConnection reading = connect(token, "reader")) {
            for (int i = 1; i < OF_ONE_USER; i++) {
                deaf.add(RawConnection.deafTo(server.port()).send(request(token, "deaf-" + i)));
            }
            awaitListeners(OF_ONE_USER);
            for (int i = 1; i <= MOST_CHANGES && listeners() > 1; i++) {
                Instant sent = Instant.now();
                Reply changed = change(token, code, i);
                assertThat(changed.status()).as(changed.text()).isEqualTo(200);
                code = changed.text().replaceFirst("(?s).*\"checkCode\":\"([^\"]+)\".*", "$1");
                reading.read(SETTLED, "\"seq\":" + i + ",");
                assertThat(Duration.between(sent, Instant.now())).isLessThan(Duration.ofSeconds(20));
            }
            assertThat(listeners()).as("only the one that reads").isEqualTo(1);
        } finally {
            close(deaf);
        }
        awaitListeners(0);
        Awaitility.await()
                .atMost(SETTLED)
                .untilAsserted(() ->
                        assertThat(vitals.threadsIn("processSyncWriteRequest")).isZero());
    }

    /** Last, because it ends the server. */
    @Test
    @Order(4)
    void aStopEndsAllStreamsAndDoesNotWaitForThem() throws Exception {
        List<RawConnection> open = listen(200, "stopped-");
        vitals.close();
        Instant begin = Instant.now();
        server.stop();
        Duration took = Duration.between(begin, Instant.now());
        System.out.println("stopped with 200 listeners in " + took);
        for (RawConnection each : open.subList(0, 5)) {
            assertThat(each.read(SETTLED, LAST_CHUNK)).endsWith(LAST_CHUNK);
        }
        close(open);
        assertThat(took).isLessThan(Duration.ofSeconds(50));
    }

    /** Clients that have got their first event, ten of each user. */
    private List<RawConnection> listen(int number, String user) throws Exception {
        List<RawConnection> open = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTING);
        try {
            List<Future<?>> connecting = new ArrayList<>();
            for (int first = 0; first < number; first += OF_ONE_USER) {
                int begin = first;
                connecting.add(threads.submit(() -> {
                    String token = token(user + begin / OF_ONE_USER);
                    for (int i = begin; i < Math.min(number, begin + OF_ONE_USER); i++) {
                        open.add(connect(token, "device-" + i));
                    }
                    return null;
                }));
            }
            for (Future<?> each : connecting) {
                each.get();
            }
            return open;
        } catch (ExecutionException e) {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(SETTLED.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            close(open);
            throw e;
        } finally {
            threads.shutdown();
        }
    }

    /** A connection that the client kept may be closed by the server just as it is used again; a POST is not repeated by itself. */
    private String token(String user) throws IOException {
        try {
            return server.developmentToken(user);
        } catch (IOException e) {
            return server.developmentToken(user);
        }
    }

    /** A client whose first event has come; refused ones try again, as clients do. */
    private RawConnection connect(String token, String device) throws IOException {
        Instant end = Instant.now().plus(SETTLED);
        while (true) {
            RawConnection connection = RawConnection.to(server.port()).send(request(token, device));
            String status = connection.read(SETTLED, "\r\n");
            if (status.contains(" 200 ")) {
                connection.read(SETTLED, "\"seq\":");
                return connection;
            }
            connection.close();
            assertThat(Instant.now()).as(status).isBefore(end);
        }
    }

    private static String request(String token, String device) {
        return "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\nDevice-Id: "
                + device + "\r\n\r\n";
    }

    private String checkCode(String token) throws IOException {
        HttpResponse<String> book = server.send(server.request("/v1/book")
                .header("Authorization", "Bearer " + token)
                .build());
        return book.body().replaceFirst("(?s).*\"checkCode\":\"([^\"]+)\".*", "$1");
    }

    private Reply change(String token, String code, int number) throws IOException {
        byte[] body = ("{\"changes\":[{\"op\":\"put\",\"uid\":\"u" + number
                        + "\",\"card\":{\"@type\":\"Card\",\"version\":\"1.0\",\"name\":{\"full\":\"N\"}}}]}")
                .getBytes(StandardCharsets.UTF_8);
        try (RawConnection connection = RawConnection.to(server.port())) {
            return connection.exchange(
                    "PATCH",
                    "/v1/book/contacts",
                    "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\nIf-Match: \"" + code
                            + "\"\r\n",
                    body);
        }
    }

    private void awaitListeners(int number) {
        Awaitility.await()
                .atMost(SETTLED)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(listeners()).isEqualTo(number));
    }

    private int listeners() throws IOException {
        try (RawConnection connection = RawConnection.to(server.port())) {
            String metrics = connection.exchange("GET", "/metrics", "", NOTHING).text();
            Matcher line = Pattern.compile("(?m)^contactsync_event_listeners\\S* ([0-9]+)")
                    .matcher(metrics);
            assertThat(line.find()).as("the gauge").isTrue();
            return Integer.parseInt(line.group(1));
        }
    }

    private static void close(List<RawConnection> connections) {
        connections.forEach(RawConnection::close);
    }
}
