package org.contactsync.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A book that changes all the time, until its history is more than twice as large as it may be: what is kept stays bounded, is read soon, and
 * costs others nothing. Afterwards its history is read with hostile parameters, and by clients that do not read.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LongHistoryIT {
    private static final int SMALL_CHANGES = 1_000;
    private static final int SMALL_NOTE = 60;
    private static final int LARGE_CHANGES = 45;
    private static final int LARGE_NOTE = 58_000;
    /** Of each large change, 3.5 MB; small ones change one of them. */
    private static final int CONTACTS = 60;

    /** What the versions that a large change replaces count, at least: the notes are most of them. */
    private static final long LARGE_BYTES = CONTACTS * (LARGE_NOTE + 512L);

    /** What a history may have with the smallest books (docs/operations.md, BOOK_BYTES). */
    private static final long HISTORY_BYTES = 4 * 1024 * 1024 + 512 * 200_000L;

    private static final int UNREAD = 24;
    /** A page has a MiB of cards; compressed or not, it is whole in memory while its client does not take it. */
    private static final double MOST_UNREAD = 4;

    /** The best of some tries, on a machine that does other things too. */
    private static final long SOON_MILLIS = 1_000;

    private static final int TRIES = 5;
    private static final byte[] NOTHING = {};

    private LibertyServer server;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory)
                .withDatabase("long_history")
                .with("BOOK_BYTES", Integer.toString(4 * 1024 * 1024))
                .start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    /** A user on one connection, as long as the server keeps it. */
    private final class User implements AutoCloseable {
        private final String token;
        private final String device;
        private RawConnection connection;
        private String code = "";

        User(String name, String device) throws IOException {
            token = server.developmentToken(name);
            this.device = device;
            connection = RawConnection.to(server.port());
        }

        Reply get(String path) throws IOException {
            return send("GET", path, "", NOTHING);
        }

        Reply send(String method, String path, String headers, byte[] body) throws IOException {
            Reply reply = connection.exchange(
                    method,
                    path,
                    "Authorization: Bearer " + token + "\r\nDevice-Id: " + device + "\r\n" + headers,
                    body);
            if (reply.status() >= 400 || reply.header("Connection").equalsIgnoreCase("close")) {
                connection.close();
                connection = RawConnection.to(server.port());
            }
            return reply;
        }

        /** Changes one contact. */
        void change(int number) throws IOException {
            change(number, number % CONTACTS, 1, SMALL_NOTE);
        }

        /** Changes some contacts, whose notes have that many bytes. */
        void change(int number, int first, int contacts, int note) throws IOException {
            if (code.isEmpty()) {
                code = member(get("/v1/book"), "checkCode");
            }
            String text = String.format(Locale.ROOT, "%04d", number).repeat(note / 4);
            byte[] body = IntStream.range(first, first + contacts)
                    .mapToObj(i -> "{\"op\":\"put\",\"uid\":\"c" + i
                            + "\",\"card\":{\"@type\":\"Card\",\"version\":\"1.0\",\"notes\":{\"n\":{\"note\":\"" + text
                            + "\"}}}}")
                    .collect(Collectors.joining(",", "{\"changes\":[", "]}"))
                    .getBytes(UTF_8);
            String headers = "Content-Type: application/json\r\nPrefer: wait=50\r\nIf-Match: \"" + code + "\"\r\n";
            Reply reply = send("PATCH", "/v1/book/contacts", headers, body);
            while (reply.status() == 429) {
                pause(200);
                reply = send("PATCH", "/v1/book/contacts", headers, body);
            }
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            code = member(reply, "checkCode");
        }

        /** The sequence numbers of all changes that are kept, the latest first. */
        List<Integer> history() throws IOException {
            List<Integer> seqs = new ArrayList<>();
            Matcher next;
            String path = "/v1/book/history?limit=1000";
            do {
                Reply page = get(path);
                assertThat(page.status()).as(page.text()).isEqualTo(200);
                Matcher seq = Pattern.compile("\\{\"seq\":([0-9]+),\"at\"").matcher(page.text());
                while (seq.find()) {
                    seqs.add(Integer.parseInt(seq.group(1)));
                }
                next = Pattern.compile("\"next\":\"([^\"]+)\"").matcher(page.text());
            } while (next.find() && !(path = next.group(1)).isEmpty());
            return seqs;
        }

        long bestMillis(String path) throws IOException {
            long best = Long.MAX_VALUE;
            for (int i = 0; i < TRIES; i++) {
                long begin = System.nanoTime();
                assertThat(get(path).status()).as(path).isEqualTo(200);
                best = Math.min(best, (System.nanoTime() - begin) / 1_000_000);
            }
            return best;
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    @Test
    @Order(1)
    void aBookThatChangesAllTheTimeKeepsABoundedHistory() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (User user = new User("busy", "busy-phone")) {
            Future<Integer> others = threads.submit(() -> changesOfAnother(busy));
            for (int i = 0; i < SMALL_CHANGES; i++) {
                user.change(i);
            }
            assertThat(user.history()).as("small changes").hasSize(SMALL_CHANGES);
            for (int i = 0; i < LARGE_CHANGES; i++) {
                user.change(i, 0, CONTACTS, LARGE_NOTE);
            }
            busy.set(false);
            assertThat(others.get(1, TimeUnit.MINUTES))
                    .as("changes of another user")
                    .isPositive();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(user.history().size() * LARGE_BYTES)
                            .isLessThan(HISTORY_BYTES + 2 * LARGE_BYTES));
            List<Integer> kept = user.history();
            int oldest = kept.get(kept.size() - 1);
            assertThat(kept.get(0)).isEqualTo(SMALL_CHANGES + LARGE_CHANGES);
            assertThat(kept).as("without a gap").hasSize(SMALL_CHANGES + LARGE_CHANGES + 1 - oldest);
            assertThat(kept.size() * LARGE_BYTES)
                    .as("no more is removed than must be")
                    .isGreaterThan(HISTORY_BYTES * 3 / 4);

            for (String path : List.of(
                    "/v1/book/history?limit=1000",
                    "/v1/book/history?limit=1000&before=" + kept.get(kept.size() / 2),
                    "/v1/book/contacts/c1/versions?limit=200",
                    "/v1/book/trash?limit=200")) {
                long best = user.bestMillis(path);
                System.out.printf("%s: %d ms%n", path, best);
                assertThat(best).as(path).isLessThan(SOON_MILLIS);
            }
            assertThat(restore(user, "{\"seq\":" + oldest + ",\"dryRun\":true}").status())
                    .isEqualTo(200);
            assertThat(restore(user, "{\"seq\":" + oldest / 2 + ",\"dryRun\":true}")
                            .text())
                    .contains("history-expired");
            Reply restored = restore(user, "{\"seq\":" + oldest + "}");
            assertThat(restored.status()).as(restored.text()).isEqualTo(200);
        } finally {
            busy.set(false);
            threads.shutdownNow();
        }
    }

    private int changesOfAnother(AtomicBoolean busy) throws IOException {
        int changes = 0;
        try (User other = new User("other", "other-phone")) {
            while (busy.get()) {
                long begin = System.nanoTime();
                other.change(changes++);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
                pause(50);
            }
        }
        return changes;
    }

    /** Protocol 4.6.5: a device that made all changes does not make one request read all of them. */
    @Test
    @Order(2)
    void theFeedWithoutTheOnlyDeviceIsEmptyAndEnds() throws IOException {
        try (User user = new User("one-device", "only")) {
            for (int i = 0; i < 10; i++) {
                user.change(i);
            }
            int pages = 0;
            for (String path = "/v1/book/changes?since=0&limit=3&excludeDevice=only"; !path.isEmpty(); pages++) {
                Reply page = user.get(path);
                assertThat(page.status()).as(page.text()).isEqualTo(200);
                assertThat(page.text()).contains("\"changes\":[]");
                path = page.text().contains("\"hasMore\":true") ? member(page, "next") : "";
            }
            assertThat(pages).as("of three rows each").isEqualTo(4);
        }
    }

    @Test
    @Order(3)
    void hostileParametersAreRefusedByName() throws IOException {
        String longUid = "u".repeat(300);
        try (User user = new User("busy", "busy-phone")) {
            for (String path : List.of(
                    "/v1/book/history?limit=0",
                    "/v1/book/history?limit=1001",
                    "/v1/book/history?limit=-1",
                    "/v1/book/history?limit=1e3",
                    "/v1/book/history?limit=",
                    "/v1/book/history?limit=%31%00",
                    "/v1/book/history?before=-1",
                    "/v1/book/history?before=9223372036854775807",
                    "/v1/book/history?before=99999999999999999999999999",
                    "/v1/book/history?limit=1&limit=2",
                    "/v1/book/history?unknown=1",
                    "/v1/book/contacts/c1/versions?limit=201",
                    "/v1/book/contacts/c1/versions?before=%20",
                    "/v1/book/trash?limit=201",
                    "/v1/book/trash?until=-1",
                    "/v1/book/trash?until=1&below=" + longUid,
                    "/v1/book/trash?until=1&below=%00",
                    "/v1/book/changes?excludeDevice=",
                    "/v1/book/changes?excludeDevice=" + "d".repeat(65),
                    "/v1/book/changes?excludeDevice=%00",
                    "/v1/book/changes?excludeDevice=%0d%0aX-Header:%20x",
                    "/v1/book/changes?excludeDevice=a&excludeDevice=b",
                    "/v1/book/digests/entries?hash=3",
                    "/v1/book/digests/entries?hash=33",
                    "/v1/book/digests/entries?hash=4.0",
                    "/v1/book/digests?prefix=,",
                    "/v1/book/digests?prefix=a,",
                    "/v1/book/digests?prefix=a,a",
                    "/v1/book/digests?prefix=A",
                    "/v1/book/digests?prefix=0,1&depth=3",
                    "/v1/book/digests?depth=-0")) {
                Reply reply = user.get(path);
                assertThat(reply.status()).as("%s: %s", path, reply.text()).isEqualTo(400);
                assertThat(reply.text()).as(path).contains("urn:contact-sync:problem:malformed-request");
            }
            for (String path : List.of(
                    "/v1/book/contacts/" + longUid + "/versions",
                    "/v1/book/contacts/%00/versions",
                    "/v1/book/contacts/%ff/versions",
                    "/v1/book/trash/%2e%2e/restore")) {
                Reply reply = user.get(path);
                assertThat(reply.status()).as("%s: %s", path, reply.text()).isIn(400, 404, 405);
            }
        }
    }

    @Test
    @Order(4)
    void hostileRestoresAreRefused() throws IOException {
        try (User user = new User("busy", "busy-phone")) {
            for (String body : List.of(
                    "{}",
                    "[]",
                    "{\"seq\":-1}",
                    "{\"seq\":1e400}",
                    "{\"seq\":9223372036854775807}",
                    "{\"seq\":1.5}",
                    "{\"seq\":\"1\"}",
                    "{\"seq\":1,\"time\":\"2026-01-01T00:00:00Z\"}",
                    "{\"time\":\"+1000000000-01-01T00:00:00Z\"}",
                    "{\"time\":\"yesterday\"}",
                    "{\"checkCode\":\"ck1.\"}",
                    "{\"seq\":1,\"dryRun\":1}",
                    "{\"seq\":1,\"seq\":2}",
                    "{\"seq\":1,\"more\":true}",
                    "[".repeat(2_000))) {
                Reply reply = restore(user, body);
                assertThat(reply.status()).as("%s: %s", body, reply.text()).isEqualTo(400);
            }
            for (String body : List.of(
                    "{\"time\":\"2001-01-01T00:00:00Z\"}",
                    "{\"checkCode\":\"ck1.Rifz1mVMFUCQXXs7He9VyyII4As7hr3I1kp8Pzf8vVk\"}")) {
                assertThat(restore(user, body).status()).as(body).isEqualTo(410);
            }
            assertThat(restore(user, "{\"seq\":1" + " ".repeat(8_000) + "}").status())
                    .isEqualTo(413);
        }
    }

    /** Pages of large cards whose clients take nothing: they hold what one page is, and nobody waits for them. */
    @Test
    @Order(5)
    void readersWhoNeverReadHoldLittle() throws Exception {
        String token = server.developmentToken("busy");
        List<RawConnection> unread = new ArrayList<>();
        try (Vitals vitals = Vitals.of(server.pid());
                User honest = new User("honest", "phone")) {
            honest.change(0);
            double before = vitals.liveHeap();
            List<String> paths = List.of("/v1/book/contacts/c1/versions?limit=200", "/v1/book/history?limit=1000");
            for (int i = 0; i < UNREAD; i++) {
                RawConnection connection = RawConnection.deafTo(server.port());
                unread.add(connection);
                connection.send("GET " + paths.get(i % paths.size())
                        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
                honest.change(i);
                assertThat(honest.get("/v1/book/history").status()).isEqualTo(200);
            }
            double each = (vitals.liveHeap() - before) / UNREAD;
            System.out.printf(Locale.ROOT, "heap: %.2f MiB for each unread page%n", each);
            assertThat(each).isLessThan(MOST_UNREAD);
        } finally {
            unread.forEach(RawConnection::close);
        }
        assertThat(Files.readString(server.log())).doesNotContain("OutOfMemoryError");
    }

    /** Large requests of one user, sixteen at once, and the smallest of another. */
    @Test
    @Order(6)
    void manyReadersAtOnceHoldUpNobody() throws Exception {
        String[] paths = IntStream.range(0, 16)
                .mapToObj(i ->
                        i % 2 == 0 ? "/v1/book/trash?limit=200" : "/v1/book/contacts/c" + i + "/versions?limit=200")
                .toArray(String[]::new);
        AtomicBoolean goesOn = new AtomicBoolean(true);
        ExecutorService threads = Executors.newFixedThreadPool(paths.length);
        List<Future<?>> readers = new ArrayList<>();
        try (User honest = new User("honest", "phone")) {
            honest.code = "";
            for (String path : paths) {
                readers.add(threads.submit(() -> {
                    try (User reader = new User("busy", "reader")) {
                        while (goesOn.get()) {
                            assertThat(reader.get(path).status()).isIn(200, 429, 503);
                        }
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 30; i++) {
                honest.change(i);
                assertThat(honest.get("/v1/book/history?limit=10").status()).isEqualTo(200);
            }
        } finally {
            goesOn.set(false);
            threads.shutdown();
        }
        for (Future<?> each : readers) {
            each.get(1, TimeUnit.MINUTES);
        }
    }

    private static Reply restore(User user, String body) throws IOException {
        return user.send(
                "POST",
                "/v1/book/restore",
                "Content-Type: application/json\r\nPrefer: wait=50\r\n",
                body.getBytes(UTF_8));
    }

    private static String member(Reply reply, String name) {
        Matcher member = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(reply.text());
        assertThat(member.find()).as("%s in %s", name, reply.text()).isTrue();
        return member.group(1);
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
