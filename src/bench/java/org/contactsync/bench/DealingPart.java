package org.contactsync.bench;

import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.contactsync.bench.Processes.Cpu;
import org.contactsync.it.ExternalBroker;
import org.contactsync.it.Pause;

/**
 * How the external broker deals users to sessions, by the number of group buckets and the window of a consumer: the load of the
 * sessions, what a message that hangs costs the others, the share of an instance that joins.
 */
final class DealingPart {
    private static final String BUCKETS =
            "addressConfigurations.\"contacts.sync\".queueConfigs.\"contacts.sync\".groupBuckets";
    private static final int SESSIONS = 32;
    private static final int USERS = 500;
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final int SHIPPED_BUCKETS = 8192;
    private static final int SHIPPED_WINDOW = 1 << 20;
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final Duration HANG = Duration.ofSeconds(3);

    private final Bench bench;
    private final List<List<String>> rows = new ArrayList<>();

    DealingPart(Bench bench) {
        this.bench = bench;
    }

    void run() {
        Report report = bench.report();
        report.heading("Users of a queue, dealt to two and then three instances of " + SESSIONS + " sessions");
        // The first one only warms up.
        measure(SHIPPED_BUCKETS, SHIPPED_WINDOW);
        rows.clear();
        for (int round = 0; round < bench.options().rounds(); round++) {
            for (int buckets : List.of(-1, 16, 64, 256, 1024, SHIPPED_BUCKETS)) {
                measure(buckets, SHIPPED_WINDOW);
            }
            for (int window : List.of(0, 10_000, 100_000)) {
                measure(SHIPPED_BUCKETS, window);
            }
        }
        report.table(
                List.of(
                        "buckets",
                        "window",
                        "p50 ms",
                        "p99 ms",
                        "broker CPU ms/message",
                        "busiest session, of an even share",
                        "of the usual rate while one hangs",
                        "first work of a third instance, ms",
                        "its share"),
                rows);
        report.line(String.format(
                Locale.ROOT,
                "%d users, each with a client that sends again %d ms after its last message was worked on, which takes 2 ms of"
                        + " waiting; broker with TLS. One message hangs for %d s. The third instance's share is that of the %d s"
                        + " from its first connection on.",
                USERS,
                PAUSE.toMillis(),
                HANG.toSeconds(),
                bench.options().seconds().toSeconds()));
    }

    private void measure(int buckets, int window) {
        ExternalBroker broker = ExternalBroker.in(Bench.empty(bench.directory().resolve("dealing")))
                .with(BUCKETS, Integer.toString(buckets));
        try (broker;
                Dealing dealing = new Dealing(broker.start(), window, HANG)) {
            rows.add(row(dealing, broker, buckets, window));
        } catch (JMSException e) {
            throw new IllegalStateException("buckets " + buckets + ", window " + window, e);
        }
        bench.report().progress(String.join(" | ", rows.get(rows.size() - 1)));
    }

    private List<String> row(Dealing dealing, ExternalBroker broker, int buckets, int window) throws JMSException {
        Dealing.Instance one = dealing.join(SESSIONS);
        Dealing.Instance two = dealing.join(SESSIONS);
        dealing.start(USERS, PAUSE);
        Pause.of(SETTLE);
        Cpu used = Processes.cpu(broker.pid());
        long usual = dealing.done();
        long start = System.nanoTime();
        Pause.of(bench.options().seconds());
        Timings timings = dealing.between(start, System.nanoTime());
        usual = dealing.done() - usual;
        used = Processes.cpu(broker.pid()).minus(used);
        double busiest = Math.max(one.most(), two.most()) * 2.0 * SESSIONS / (one.done() + two.done());

        dealing.hangOnce();
        Pause.of(PAUSE);
        long hanging = dealing.done();
        Pause.of(HANG.minus(PAUSE.multipliedBy(2)));
        hanging = dealing.done() - hanging;
        double served = hanging
                / (double) usual
                * bench.options().seconds().toMillis()
                / HANG.minus(PAUSE.multipliedBy(2)).toMillis();
        Pause.of(SETTLE);

        long all = dealing.done();
        start = System.nanoTime();
        Dealing.Instance three = dealing.join(SESSIONS);
        long end = start + bench.options().seconds().toNanos();
        long first = -1;
        while (System.nanoTime() < end) {
            if (first < 0 && three.done() > 0) {
                first = (System.nanoTime() - start) / 1_000_000;
            }
            Pause.of(Duration.ofMillis(2));
        }
        return List.of(
                buckets < 0 ? "no bound" : Integer.toString(buckets),
                String.format(Locale.ROOT, "%,d", window),
                timings.p50(),
                timings.p99(),
                String.format(Locale.ROOT, "%.2f", used.total() / (double) usual),
                String.format(Locale.ROOT, "%.1f", busiest),
                String.format(Locale.ROOT, "%.0f %%", 100 * served),
                Long.toString(first),
                String.format(Locale.ROOT, "%.0f %%", 100.0 * three.done() / (dealing.done() - all)));
    }
}
