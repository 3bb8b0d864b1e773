package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.contactsync.faults.Installation.Plan;
import org.contactsync.faults.Network.Wire;
import org.contactsync.it.Seed;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mvn -Pfaults verify}: at random what {@link FaultsIT} does in one order, and what needs more of the machine. Each test
 * has {@code -Dfaults.minutes=} minutes of load, and a seed that it prints; {@code -Dfaults.seed=} gives the seed of an earlier
 * run. The seed decides what devices want and which fault comes when; how it meets is the machine's affair.
 */
class LongFaults {
    private static final Duration TIME = Duration.ofMinutes(Long.getLong("faults.minutes", 10));

    /** As on a disk that is far away: meanwhile other changes come, and share the next commit. */
    private static final Duration COMMIT = Duration.ofMillis(20);

    private final long seed = Seed.of("faults.seed");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void anything() {
        run(Plan.plain(directory), site -> random -> new Faults(site.installation(), site.meddler()).any(random));
    }

    /** Every write of the database fails for a while, its log's too; it may end for it. */
    @Test
    void aDiskThatIsFull() {
        try (SmallDisk disk = permitted(() -> SmallDisk.at(directory.resolve("disk")))) {
            run(Plan.plain(directory).on(disk.directory()), site -> random -> {
                Faults others = new Faults(site.installation(), site.meddler());
                return random.nextInt(3) == 0
                        ? others.any(random)
                        : new Fault("full disk of PostgreSQL", 1 + random.nextInt(12), disk::fill, () -> {
                            disk.free();
                            site.installation().postgres().start();
                        });
            });
        }
    }

    /** Of instance B, to both sides, by minutes and by days: more than any lease and any retention. */
    @Test
    void clocksThatJump() {
        FakeClock clock = permitted(() -> FakeClock.in(directory.resolve("clock")));
        run(Plan.plain(directory).with(clock.environment()), site -> random -> {
            Faults others = new Faults(site.installation(), site.meddler());
            int minutes = List.of(-5 * 24 * 60, -60, -3, 3, 60, 5 * 24 * 60).get(random.nextInt(6));
            return random.nextInt(3) == 0
                    ? others.any(random)
                    : new Fault(
                            "clock of B %+d minutes".formatted(minutes),
                            2 + random.nextInt(15),
                            () -> clock.jumpTo(Duration.ofMinutes(minutes)),
                            () -> clock.jumpTo(Duration.ZERO));
        });
    }

    /** Instance B in a network namespace: packets to the broker or the database are dropped, or both. */
    @Test
    void aNetworkThatDropsPackets() {
        try (Network network = permitted(() -> Network.make(new Random()))) {
            run(Plan.plain(directory).in(network), site -> random -> {
                Faults others = new Faults(site.installation(), site.meddler());
                List<Wire> wires = List.of(
                                List.of(Wire.BROKER), List.of(Wire.DATABASE), List.of(Wire.BROKER, Wire.DATABASE))
                        .get(random.nextInt(3));
                return random.nextInt(4) == 0
                        ? others.killed(
                                random.nextBoolean()
                                        ? site.installation().a()
                                        : site.installation().b())
                        : new Fault(
                                "packets of B dropped: " + wires,
                                3 + random.nextInt(60),
                                () -> wires.forEach(network::down),
                                () -> wires.forEach(network::up));
            });
        }
    }

    private record Site(Installation installation, Meddler meddler) {}

    private void run(Plan plan, Function<Site, Function<Random, Fault>> faults) {
        try (Installation installation = new Installation(plan.committingIn(COMMIT));
                Meddler meddler = new Meddler(installation.broker(), new Random(seed))) {
            Function<Random, Fault> next = faults.apply(new Site(installation, meddler));
            Random random = new Random(seed);
            AtomicLong end = new AtomicLong();

            List<String> broken = new Run(installation, seed).withCrowd().under(() -> {
                // Begins with the first fault.
                end.compareAndSet(0, System.nanoTime() + TIME.toNanos());
                return System.nanoTime() < end.get() ? Optional.of(next.apply(random)) : Optional.empty();
            });

            assertThat(broken).as("seed %d, %s", seed, directory).isEmpty();
        }
    }

    /** What the machine does not allow is skipped, and said. */
    private static <T> T permitted(Supplier<T> what) {
        try {
            return what.get();
        } catch (NotPermitted e) {
            return Assumptions.abort(e.getMessage());
        }
    }
}
