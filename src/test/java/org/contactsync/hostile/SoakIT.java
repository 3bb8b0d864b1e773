package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.Seed;
import org.contactsync.it.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Honest users alone, then beside hostile ones: the process lives, no honest user is refused or told something wrong, their requests
 * take at most three times as long as without the others, and its memory stays bounded. {@code mvn -Psoak verify} does the same for
 * {@code -Dsoak.minutes=}, with larger books.
 *
 * <p>Hostile clients are bounded in rate, not in kind: load generator and server share the processors.
 */
class SoakIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("soak.minutes", "1.2"));
    private static final boolean LONG = MINUTES > 5;
    private static final int[] BOOKS = LONG
            ? new int[] {60_000, 20_000, 5_000, 1_000, 500, 300, 200, 200}
            : new int[] {3_000, 1_000, 500, 300, 300, 200, 200, 200};
    private static final int LARGE_BOOK = LONG ? 100_000 : 10_000;
    private static final Duration WARM_UP = LONG ? Duration.ofSeconds(60) : Duration.ofSeconds(20);
    private static final Duration QUIET = LONG ? Duration.ofMinutes(3) : Duration.ofSeconds(30);
    private static final Duration AFTERWARDS = LONG ? Duration.ofMinutes(1) : Duration.ofSeconds(10);
    private static final Duration ATTACK = LONG ? Duration.ofSeconds(20) : Duration.ofSeconds(4);
    /** 0: mixed use by honest users alone. */
    private static final int HOSTILE = Integer.getInteger("soak.hostile", 3);

    private static final long PAUSE_MILLIS = Long.getLong("soak.pause", 100);
    /** Below this a p99 says more of the machine than of the service; of few requests one pause of the machine decides it. */
    private static final double FLOOR_MILLIS = LONG ? 750 : 5_000;

    private static final int MOST_RESIDENT = 1_024;
    private static final int MOST_DIRECT = 64;
    private static final int MOST_THREADS = 500;
    /** Beyond the heap in use before: caches may have grown. */
    private static final int MORE_HEAP = 128;
    /** Fewer do not have a p99 that means anything. */
    private static final int COMPARABLE = 100;
    /** Growth of the resident size from the third quarter of a long run to the fourth, at most. */
    private static final double FLAT = 1.03;

    private final long seed = Seed.of("soak.seed");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void honestUsersDoNotNoticeHostileOnes() throws IOException {
        say("soak of %.1f minutes on %s, -Dsoak.seed=%d", MINUTES, TestDatabase.kind(), seed);
        LibertyServer prepared =
                LibertyServer.in(directory).withDatabase("soak").optimised();
        try (LibertyServer server = prepared.start();
                Vitals vitals = Vitals.of(server.pid());
                Honest honest = new Honest(server, BOOKS, 1_000, seed)) {
            honest.begin(PAUSE_MILLIS);
            Instant warm = Instant.now().plus(WARM_UP);
            Hostile hostile = prepare(server);
            pause(Duration.between(Instant.now(), warm));
            double heapBefore = vitals.liveHeap();
            honest.measured();
            pause(QUIET);
            Timings quiet = honest.measured();
            say("quiet: %s; heap in use %.0f", vitals.sample().text(), heapBefore);

            hostile.begin(Hostile.catalogue(System.getProperty("soak.attacks", "")), ATTACK);
            List<Vitals.Sample> samples = samples(vitals);
            Timings beside = honest.measured();
            hostile.end();

            honest.measured();
            pause(AFTERWARDS);
            Timings afterwards = honest.measured();
            honest.end();
            double heapAfter = vitals.liveHeap();
            say("afterwards: %s; heap in use %.0f", vitals.sample().text(), heapAfter);

            print(quiet, beside, afterwards);
            hostile.tried()
                    .forEach((name, tried) ->
                            say("| %s | %d | %s | %s", name, tried.times(), tried.answers(), tried.example()));
            assertThat(honest.wrongs().stream().limit(20))
                    .as(
                            "answers that honest users must not get, the first 20 of %d",
                            honest.wrongs().size())
                    .isEmpty();
            assertThat(hostile.tried().values())
                    .allSatisfy(tried -> assertThat(tried.answers()).doesNotContainKey(500));
            assertThat(server.ready()).isTrue();
            compare("beside hostile users", quiet, beside);
            compare("afterwards", quiet, afterwards);
            assertThat(samples).allSatisfy(sample -> {
                assertThat(sample.resident()).isLessThan(MOST_RESIDENT);
                assertThat(sample.direct()).isLessThan(MOST_DIRECT);
                assertThat(sample.threads()).isLessThan(MOST_THREADS);
            });
            assertThat(heapAfter).isLessThan(heapBefore + MORE_HEAP);
            if (LONG) {
                int quarter = samples.size() / 4;
                assertThat(resident(samples, 3 * quarter, samples.size()))
                        .isLessThan(FLAT * resident(samples, 2 * quarter, 3 * quarter));
            }
        }
    }

    private Hostile prepare(LibertyServer server) throws IOException {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < HOSTILE; i++) {
            tokens.add(server.developmentToken("hostile-" + i));
        }
        String largeBookToken = server.developmentToken("hostile-large");
        if (HOSTILE > 0) {
            new HonestUser(server.port(), largeBookToken, LARGE_BOOK, 1_000, seed, (kind, took) -> {}).close();
        }
        return new Hostile(server.port(), tokens, largeBookToken, seed);
    }

    private static List<Vitals.Sample> samples(Vitals vitals) throws IOException {
        long number = Math.max(6, Math.round(MINUTES * 2));
        Duration between = Duration.ofMillis((long) (MINUTES * 60_000 / number));
        List<Vitals.Sample> samples = new ArrayList<>();
        for (long i = 0; i < number; i++) {
            pause(between);
            Vitals.Sample sample = vitals.sample();
            say("%s beside hostile users: %s", java.time.LocalTime.now().withNano(0), sample.text());
            samples.add(sample);
        }
        return samples;
    }

    private static double resident(List<Vitals.Sample> samples, int from, int to) {
        return samples.subList(from, to).stream()
                .mapToDouble(Vitals.Sample::resident)
                .average()
                .orElseThrow();
    }

    /** All requests together, and each kind that there were enough of. */
    private static void compare(String when, Timings quiet, Timings other) {
        assertThat(other.millis(99)).as("p99 %s in ms", when).isLessThan(most(quiet.millis(99)));
        for (String kind : quiet.kinds()) {
            if (quiet.count(kind) >= COMPARABLE && other.count(kind) >= COMPARABLE) {
                assertThat(other.millis(kind, 99))
                        .as("p99 of %s %s in ms", kind, when)
                        .isLessThan(most(quiet.millis(kind, 99)));
            }
        }
    }

    private static double most(double quietMillis) {
        return Math.max(FLOOR_MILLIS, 3 * quietMillis);
    }

    private static void print(Timings quiet, Timings beside, Timings afterwards) {
        say("| request | quiet n | p50 ms | p99 | beside n | p50 | p99 | after n | p50 | p99 |");
        say(
                "| all | %d | %.1f | %.1f | %d | %.1f | %.1f | %d | %.1f | %.1f |",
                quiet.count(),
                quiet.millis(50),
                quiet.millis(99),
                beside.count(),
                beside.millis(50),
                beside.millis(99),
                afterwards.count(),
                afterwards.millis(50),
                afterwards.millis(99));
        for (String kind : beside.kinds()) {
            say(
                    "| %s | %d | %.1f | %.1f | %d | %.1f | %.1f | %d | %.1f | %.1f |",
                    kind,
                    quiet.count(kind),
                    quiet.millis(kind, 50),
                    quiet.millis(kind, 99),
                    beside.count(kind),
                    beside.millis(kind, 50),
                    beside.millis(kind, 99),
                    afterwards.count(kind),
                    afterwards.millis(kind, 50),
                    afterwards.millis(kind, 99));
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(Math.max(0, time.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
