package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.contactsync.it.LibertyServer;
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
    private static final Duration ATTACK = LONG ? Duration.ofSeconds(20) : Duration.ofSeconds(4);
    /** 0: mixed use by honest users alone. */
    private static final int HOSTILE = Integer.getInteger("soak.hostile", 3);

    private static final long PAUSE_MILLIS = Long.getLong("soak.pause", 100);
    /** Below this a p99 says more of the machine than of the service. */
    private static final double FLOOR_MILLIS = 750;

    private static final int MOST_RESIDENT = 1_024;
    private static final int MOST_DIRECT = 128;

    private final long seed = Optional.ofNullable(System.getProperty("soak.seed"))
            .filter(each -> !each.isEmpty())
            .map(Long::parseLong)
            .orElseGet(() -> new Random().nextLong(1_000_000));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void honestUsersDoNotNoticeHostileOnes() throws IOException {
        say("soak of %.1f minutes on %s, -Dsoak.seed=%d", MINUTES, TestDatabase.kind(), seed);
        LibertyServer prepared = LibertyServer.in(directory);
        TestDatabase.make(prepared, "soak");
        try (LibertyServer server = prepared.start();
                Vitals vitals = Vitals.of(server.pid());
                Honest honest = new Honest(server, BOOKS, 1_000, seed)) {
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < HOSTILE; i++) {
                tokens.add(server.developmentToken("hostile-" + i));
            }
            String largeBookToken = server.developmentToken("hostile-large");
            if (HOSTILE > 0) {
                new HonestUser(server.port(), largeBookToken, LARGE_BOOK, 1_000, seed, (kind, took) -> {}).close();
            }

            honest.begin(PAUSE_MILLIS);
            pause(WARM_UP);
            honest.measured();
            pause(QUIET);
            Timings quiet = honest.measured();
            Vitals.Sample before = vitals.sample();
            say("quiet: %s", before.text());

            Hostile hostile = new Hostile(server.port(), tokens, largeBookToken, seed);
            hostile.begin(Hostile.catalogue(System.getProperty("soak.attacks", "")), ATTACK);
            List<Vitals.Sample> samples = new ArrayList<>();
            long samplesLeft = Math.max(6, Math.round(MINUTES * 2));
            Duration between = Duration.ofMillis((long) (MINUTES * 60_000 / samplesLeft));
            for (; samplesLeft > 0; samplesLeft--) {
                pause(between);
                samples.add(vitals.sample());
                say("beside hostile users: %s", samples.get(samples.size() - 1).text());
            }
            Timings beside = honest.measured();
            hostile.end();

            honest.measured();
            pause(LONG ? Duration.ofMinutes(1) : Duration.ofSeconds(10));
            Timings afterwards = honest.measured();
            honest.end();
            Vitals.Sample after = vitals.sample();
            say("afterwards: %s; heap in use %.0f", after.text(), vitals.liveHeap());

            print(quiet, beside, afterwards);
            hostile.tried()
                    .forEach((name, tried) ->
                            say("%s: %d times, %s %s", name, tried.times(), tried.answers(), tried.example()));

            assertThat(honest.wrongs().stream().limit(20))
                    .as(
                            "answers that honest users must not get, the first 20 of %d",
                            honest.wrongs().size())
                    .isEmpty();
            assertThat(hostile.tried().values())
                    .allSatisfy(tried -> assertThat(tried.answers()).doesNotContainKey(500));
            assertThat(server.ready()).isTrue();
            for (String kind : quiet.kinds()) {
                assertThat(beside.millis(kind, 99))
                        .as("p99 of %s in ms", kind)
                        .isLessThan(Math.max(FLOOR_MILLIS, 3 * quiet.millis(kind, 99)));
            }
            assertThat(samples).allSatisfy(sample -> {
                assertThat(sample.resident()).isLessThan(MOST_RESIDENT);
                assertThat(sample.direct()).isLessThan(MOST_DIRECT);
            });
        }
    }

    private static void print(Timings quiet, Timings beside, Timings afterwards) {
        say("| request | quiet n | p50 ms | p99 | beside n | p50 | p99 | after n | p50 | p99 |");
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
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
