package org.contactsync.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.contactsync.it.LibertyServer;

/**
 * What a restarted instance answers from its first second on: it is started, and clients change contacts at once. Other builds
 * ({@code bench.before}) take turns with this one, A B C, C B A, …; only one of them runs at a time.
 */
final class WarmPart {
    private static final int SLICE_SECONDS = 5;
    private static final int FIRST_SECONDS = 60;
    private static final double NEARLY = 0.9;

    private final List<Variant> variants;
    private final Options options;
    private final Report report;

    /** @param benches each with a build of its own; the first one prints */
    WarmPart(List<Bench> benches) {
        options = benches.get(0).options();
        report = benches.get(0).report();
        variants = benches.stream().map(this::variant).toList();
    }

    /** A build, and the users of its database. */
    private record Variant(Bench bench, Users users, List<Start> starts) {}

    /** What was done, by the time since the server was ready. */
    private record Done(long atNanos, long tookNanos) {}

    /** A start and its load. */
    private record Start(double readySeconds, List<Done> done, int seconds, long mostResident) {
        /** Changes a second in a slice. */
        double rate(int slice) {
            return between(slice * SLICE_SECONDS, (slice + 1) * SLICE_SECONDS).count() / (double) SLICE_SECONDS;
        }

        int slices() {
            return seconds / SLICE_SECONDS;
        }

        Timings between(int from, int to) {
            Timings timings = new Timings();
            for (Done each : done) {
                double at = each.atNanos() / 1e9;
                if (at >= from && at < to) {
                    timings.add(each.tookNanos());
                }
            }
            return timings;
        }

        /** Of the last third. */
        Timings settled() {
            return between(seconds - seconds / 3, seconds);
        }

        double settledRate() {
            return settled().count() / (double) (seconds / 3);
        }

        Timings first() {
            return between(0, FIRST_SECONDS);
        }

        /** The end of the first slice from which on two in a row are nearly as fast as settled. */
        int secondsUntilWarm() {
            return IntStream.range(0, slices() - 1)
                    .filter(i -> rate(i) >= NEARLY * settledRate() && rate(i + 1) >= NEARLY * settledRate())
                    .map(i -> (i + 1) * SLICE_SECONDS)
                    .findFirst()
                    .orElse(seconds);
        }

        String rates() {
            return String.join(
                    " ",
                    IntStream.range(0, slices())
                            .mapToObj(i -> String.format(Locale.ROOT, "%.0f", rate(i)))
                            .toList());
        }
    }

    /** A worker whose work is written down; read when its thread has ended. */
    private static final class Noted implements Load.Worker {
        private final Load.Worker worker;
        private final long start;
        private final List<Done> done = new ArrayList<>();

        Noted(Load.Worker worker, long start) {
            this.worker = worker;
            this.start = start;
        }

        @Override
        public boolean once() throws Exception {
            long before = System.nanoTime();
            boolean counts = worker.once();
            long after = System.nanoTime();
            if (counts) {
                done.add(new Done(after - start, after - before));
            }
            return counts;
        }

        @Override
        public void close() {
            worker.close();
        }
    }

    void run() {
        int clients = options.clients().stream().max(Comparator.naturalOrder()).orElseThrow();
        report.heading("After a start: changes of one contact, " + clients + " clients");
        for (int round = 0; round < options.rounds(); round++) {
            List<Variant> order = new ArrayList<>(variants);
            if (round % 2 == 1) {
                order.sort(Comparator.comparing(variants::indexOf, Comparator.reverseOrder()));
            }
            for (Variant variant : order) {
                Start start = start(variant, clients);
                variant.starts().add(start);
                report.progress(name(variant) + ": " + start.rates());
            }
        }
        variants.forEach(variant -> {
            variant.bench().server().start();
            variant.users().verify();
        });
        print();
    }

    private Variant variant(Bench bench) {
        Users users = new Users(bench, "warm", 9, options.users());
        bench.server().stop();
        return new Variant(bench, users, new ArrayList<>());
    }

    private Start start(Variant variant, int clients) {
        Bench bench = variant.bench();
        bench.postgres().checkpoint();
        LibertyServer server = bench.server();
        double readySeconds = StartPart.secondsUntilReady(server);
        long ready = System.nanoTime();
        List<Noted> workers = variant.users().clients(clients).stream()
                .map(worker -> new Noted(worker, ready))
                .toList();
        Load.run(workers, Duration.ZERO, options.warmup(), bench::usage);
        long mostResident = Processes.mebibytes(server.pid(), "VmHWM");
        server.stop();
        List<Done> done =
                workers.stream().flatMap(worker -> worker.done.stream()).toList();
        return new Start(readySeconds, done, (int) options.warmup().toSeconds(), mostResident);
    }

    private String name(Variant variant) {
        int number = variants.indexOf(variant);
        return number == 0 ? "now" : options.before().get(number - 1);
    }

    private void print() {
        List<List<String>> rows = new ArrayList<>();
        for (Variant variant : variants) {
            for (Start start : variant.starts()) {
                rows.add(List.of(
                        name(variant),
                        String.format(Locale.ROOT, "%.1f", start.readySeconds()),
                        Integer.toString(start.secondsUntilWarm()),
                        String.format(Locale.ROOT, "%.0f", start.settledRate()),
                        start.first().p50(),
                        start.first().p99(),
                        start.settled().p50(),
                        start.settled().p99(),
                        String.format(
                                Locale.ROOT,
                                "%.1f",
                                start.first().millis(99)
                                        / Math.max(0.001, start.settled().millis(99))),
                        Long.toString(start.mostResident()),
                        start.rates()));
            }
        }
        report.table(
                List.of(
                        "build",
                        "ready after s",
                        "90 % of settled after s",
                        "settled syncs/s",
                        "first minute p50",
                        "p99",
                        "settled p50",
                        "p99",
                        "p99: times settled",
                        "most resident MiB",
                        "syncs/s of each " + SLICE_SECONDS + " s"),
                rows);
        report.line("Settled is the last third of " + options.warmup().toSeconds()
                + " s of load, which begin when the server is ready. Ms. Answers that were not 200: "
                + String.join(
                        "; ",
                        variants.stream()
                                .map(variant ->
                                        name(variant) + " " + variant.users().refusals())
                                .toList())
                + ". Verified: codes, numbers and cards of all stored books.");
    }
}
