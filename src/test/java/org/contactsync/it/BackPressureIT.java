package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that is away: every request gets a definite answer in bounded time, soon at once, threads and memory stay bounded,
 * and all is well again by itself when it is back. The service has a PostgreSQL of its own, and a proxy
 * between them.
 */
@EnabledIfEnvironmentVariable(named = "DB_KIND", matches = "postgres")
class BackPressureIT {
    private static final int USERS = 12;
    private static final Duration OUTAGE = Duration.ofSeconds(15);
    /** Time until the service knows; with a margin for a machine that is busy. */
    private static final Duration KNOWN = Duration.ofSeconds(10);

    /** 22 s: the wait of a request, and then the wait for its row. The rest is for a machine that is busy. */
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** Below these 22 s. */
    private static final Duration AT_ONCE = Duration.ofSeconds(20);
    /** A change whose row was written at the last moment is in progress until the sweeper sends it, 15 s later. */
    private static final Duration RECOVERY = Duration.ofSeconds(90);
    /** Above what the service has when all is well: {@code coreThreads}, and some. */
    private static final int MOST_MORE_THREADS = 120;

    private static final long MOST_HEAP = 512L * 1024 * 1024;

    private final EmbeddedPostgres postgres;
    private final TcpProxy proxy;
    private final LibertyServer server;
    private final List<Device> devices = new ArrayList<>();

    BackPressureIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        postgres = EmbeddedPostgres.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create role contact_sync login password 'contact_sync'");
            statement.execute("create database contact_sync owner contact_sync");
        }
        proxy = TcpProxy.to("localhost", postgres.getPort());
        server = LibertyServer.in(directory)
                .with("DB_KIND", "postgres")
                .with("DB_HOST", "localhost")
                .with("DB_PORT", Integer.toString(proxy.port()))
                .with("DB_NAME", "contact_sync")
                .with("DB_USER", "contact_sync")
                .with("DB_PASSWORD", "contact_sync")
                .start();
        for (int i = 0; i < USERS; i++) {
            devices.add(Device.ofNewUser(server));
        }
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        proxy.close();
        postgres.close();
    }

    /** One fault after the other, in the same process. */
    @Test
    void refusesWhileTheDatabaseIsAway() {
        staysBoundedAndRecovers("black-hole", proxy::blackHole);
        staysBoundedAndRecovers("cut", proxy::cut);
        staysBoundedAndRecovers("black-hole-after-cut", proxy::blackHole);
    }

    /** What a device knows before the outage, and what it goes on asking for, with one key, until it is told that it is done. */
    private record Wish(Device device, BookModel before, int seq, String key, String uid) {
        static Wish of(Device device, String name) {
            device.apply(new Changes().put(name + "-kept", Changes.card("Kept")));
            HttpAnswer book = device.book();
            return new Wish(
                    device,
                    BookModel.of(device),
                    book.number("seq"),
                    UUID.randomUUID().toString(),
                    name + "-wanted");
        }

        CompletableFuture<HttpAnswer> write() {
            return device.patchAsync(
                    before.checkCode(),
                    new Changes().put(uid, Changes.card("Wanted")).body(),
                    "Idempotency-Key",
                    "\"" + key + "\"");
        }

        CompletableFuture<HttpAnswer> read() {
            return device.sendAsync("GET", "/v1/book", BodyPublishers.noBody());
        }
    }

    private record Observed(Duration sent, Duration took, HttpAnswer answer) {}

    private void staysBoundedAndRecovers(String name, Runnable fault) {
        List<Wish> wishes = devices.stream().map(each -> Wish.of(each, name)).toList();
        int threads = (int) Figures.of(server).value("thread_count");
        Instant start = Instant.now();
        fault.run();
        List<CompletableFuture<Observed>> sent;
        try {
            sent = load(wishes, start, threads);
            refusedInTime(name, sent.stream().map(CompletableFuture::join).toList());
        } finally {
            proxy.heal();
        }
        Instant healed = Instant.now();
        Awaitility.await()
                .atMost(RECOVERY)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> wishes.forEach(each -> {
                    each.read().join().is(200);
                    each.write().join().is(200);
                }));
        System.out.printf("%s: well again after %s%n", name, Duration.between(healed, Instant.now()));
        wishes.forEach(BackPressureIT::isGrantedOnce);
    }

    private List<CompletableFuture<Observed>> load(List<Wish> wishes, Instant start, int threadsBefore) {
        List<CompletableFuture<Observed>> sent = new ArrayList<>();
        long mostThreads = 0;
        long mostHeap = 0;
        while (since(start).compareTo(OUTAGE) < 0) {
            for (Wish wish : wishes) {
                sent.add(observed(start, wish.write()));
                sent.add(observed(start, wish.read()));
            }
            pause(Duration.ofMillis(500));
            Instant asked = Instant.now();
            Figures figures = Figures.of(server);
            assertThat(since(asked)).as("/metrics").isLessThan(AT_ONCE);
            mostThreads = Math.max(mostThreads, figures.value("thread_count"));
            mostHeap = Math.max(mostHeap, figures.value("memory_usedHeap_bytes"));
            asked = Instant.now();
            assertThat(devices.get(0).get("/health/live").status()).isEqualTo(200);
            assertThat(devices.get(0).get("/v1/capabilities").status()).isEqualTo(200);
            assertThat(since(asked)).as("/health/live and capabilities").isLessThan(AT_ONCE);
        }
        System.out.printf(
                "%d requests, threads %d before, at most %d, heap at most %d MiB%n",
                sent.size(), threadsBefore, mostThreads, mostHeap >> 20);
        assertThat(mostThreads).as("%s before", threadsBefore).isLessThan(threadsBefore + MOST_MORE_THREADS);
        assertThat(mostHeap).isLessThan(MOST_HEAP);
        return sent;
    }

    private static void refusedInTime(String name, List<Observed> answers) {
        System.out.printf(
                "%s: longest answer %s, of those sent after %s: %s%n",
                name,
                longest(answers),
                KNOWN,
                longest(answers.stream()
                        .filter(each -> each.sent().compareTo(KNOWN) > 0)
                        .toList()));
        assertThat(answers).allSatisfy(each -> {
            each.answer().is(ProblemType.UNAVAILABLE);
            assertThat(each.answer().header("Retry-After")).isPresent();
            assertThat(each.took()).isLessThan(each.sent().compareTo(KNOWN) > 0 ? AT_ONCE : LONGEST);
        });
    }

    /** What was acknowledged is there, and what was asked for again and again was done once. */
    private static void isGrantedOnce(Wish wish) {
        BookModel expected = wish.before().copy().put(wish.uid(), Changes.card("Wanted"));
        assertThat(BookModel.of(wish.device()).contacts()).isEqualTo(expected.contacts());
        HttpAnswer book = wish.device().book();
        assertThat(book.string("checkCode")).isEqualTo(expected.checkCode());
        assertThat(book.number("seq")).isEqualTo(wish.seq() + 1);
        assertThat(wish.write().join().is(200).tag()).isEqualTo(expected.checkCode());
    }

    private static CompletableFuture<Observed> observed(Instant start, CompletableFuture<HttpAnswer> answer) {
        Duration sent = since(start);
        return answer.thenApply(each -> new Observed(sent, since(start).minus(sent), each));
    }

    private static Duration longest(List<Observed> answers) {
        return answers.stream().map(Observed::took).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    private static Duration since(Instant time) {
        return Duration.between(time, Instant.now());
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
