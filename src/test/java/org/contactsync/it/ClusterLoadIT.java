package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Instances that join, leave and are killed under load. Not a part of the usual build yet: it needs a machine that is not busy with
 * other things. {@code mvn verify -Dcluster.load=true -Dit.test=ClusterLoadIT}
 */
@EnabledIfSystemProperty(named = "cluster.load", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ClusterLoadIT {
    /** The broker gives users to sessions in turn: many more of them than sessions, so that the instances' shares are even. */
    private static final int USERS = 48;

    /** More than twice what is wanted: the machine of a build is not idle. The figure is printed. */
    private static final Duration MOST_TAKE_OVER = Duration.ofSeconds(5);

    private final Cluster cluster;

    ClusterLoadIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        cluster = new Cluster(directory, "cluster_load");
        cluster.start("a", "b");
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    /** The load goes to two; a third one that starts gets a share of the users that the others had. */
    @Test
    @Order(1)
    void anInstanceThatJoinsUnderLoadGetsItsShare() {
        LibertyServer a = cluster.instance("a");
        LibertyServer b = cluster.instance("b");
        LibertyServer c = cluster.instance("c");
        try (ClusterLoad load = ClusterLoad.of(USERS, a, b)) {
            c.start();
            long ready = System.nanoTime();
            await(() -> Figures.of(c).stepsWorked() > 0);
            report("first work of an instance that joins, after it is ready: %d ms", millisSince(ready));
            List<Long> before = steps(a, b, c);
            load.awaitAllSince(System.nanoTime());
            Pause.of(Duration.ofSeconds(5));
            List<Long> after = steps(a, b, c);
            long all = sum(after) - sum(before);
            long ofC = after.get(2) - before.get(2);
            report("share of the third instance: %d of %d", ofC, all);
            assertThat(ofC).as("worked on by the new one of %d", all).isGreaterThan(all / 6);
            report("changes while an instance joined: %d", load.verify());
        }
    }

    /** SIGTERM: what it has in hand it ends; what it had not begun is worked on by the others. */
    @Test
    @Order(2)
    void anInstanceThatIsStoppedUnderLoadLosesNothing() {
        LibertyServer a = cluster.instance("a");
        LibertyServer b = cluster.instance("b");
        try (ClusterLoad load = ClusterLoad.of(USERS, a, b)) {
            load.awaitAllSince(System.nanoTime());
            long asked = System.nanoTime();
            b.stop();
            report("stopped after %d ms", millisSince(asked));
            assertThat(millisSince(asked)).isLessThan(30_000);
            load.remove(b);
            load.awaitAllSince(System.nanoTime());
            report("longest change while an instance stopped: %d ms", load.longestMillisSince(asked));
            report("changes while an instance left: %d", load.verify());
        }
    }

    /** Requests at one instance, that the other works on while it is killed: they are answered all the same, and soon. */
    @Test
    @Order(3)
    void whatAKilledInstanceWorkedOnIsTakenOver() {
        LibertyServer a = cluster.instance("a");
        LibertyServer c = cluster.instance("c");
        try (ClusterLoad load = ClusterLoad.of(USERS, a)) {
            load.awaitAllSince(System.nanoTime());
            assertThat(Figures.of(c).stepsWorked()).isPositive();
            long killed = System.nanoTime();
            c.kill();
            load.awaitAllSince(System.nanoTime());
            long longest = load.longestMillisSince(killed);
            report("longest change that was under way, or begun, after kill -9: %d ms", longest);
            assertThat(longest).isLessThan(MOST_TAKE_OVER.toMillis());
            report("changes while an instance was killed: %d", load.verify());
        }
    }

    private static List<Long> steps(LibertyServer... servers) {
        return Stream.of(servers)
                .map(server -> Figures.of(server).stepsWorked())
                .toList();
    }

    private static long sum(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }

    private static long millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }

    private static void report(String format, Object... values) {
        System.out.printf("ClusterLoadIT: " + format + "%n", values);
    }
}
