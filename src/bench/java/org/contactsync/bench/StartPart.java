package org.contactsync.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.Pause;

/** Starts of the server, until it is ready, and the memory of one that has nothing to do. */
final class StartPart {
    private static final Duration MOST = Duration.ofSeconds(180);
    private static final int POLL_MILLIS = 25;

    private final Bench bench;

    StartPart(Bench bench) {
        this.bench = bench;
    }

    private record Start(double seconds, double cpuSeconds, long residentReady, long residentIdle) {}

    void run() {
        Report report = bench.report();
        report.heading("Start and idle memory");
        List<List<String>> rows = new ArrayList<>();
        for (boolean h2 : List.of(true, false)) {
            LibertyServer server = bench.serverIn(h2 ? "start-h2" : "start-postgres");
            if (h2) {
                server.with("DB_KIND", "h2");
            } else {
                bench.postgres().execute(List.of("drop schema public cascade", "create schema public"));
                bench.postgres().use(server);
            }
            String name = h2 ? "H2" : "PostgreSQL";
            rows.add(row(name + ", first start", List.of(start(server))));
            List<Start> starts = new ArrayList<>();
            for (int i = 0; i < bench.options().starts(); i++) {
                starts.add(start(server));
                report.progress(name + ": " + starts.get(i));
            }
            rows.add(row(name + ", median of " + starts.size(), starts));
        }
        report.table(
                List.of(
                        "database",
                        "ready after s",
                        "CPU s until then",
                        "resident MiB then",
                        "idle after " + bench.options().idle().toSeconds() + " s",
                        "all starts"),
                rows);
        report.line(
                "From before the launch of the script to the first 200 of /health/ready. The first start unpacks the server's"
                        + " caches and makes the tables. Resident: VmRSS of the Java process; no request but the probe.");
    }

    private static List<String> row(String name, List<Start> starts) {
        return List.of(
                name,
                String.format(
                        Locale.ROOT,
                        "%.1f",
                        Timings.median(starts.stream().map(Start::seconds).toList())),
                String.format(
                        Locale.ROOT,
                        "%.1f",
                        Timings.median(starts.stream().map(Start::cpuSeconds).toList())),
                String.format(
                        Locale.ROOT,
                        "%.0f",
                        Timings.median(starts.stream()
                                .map(each -> (double) each.residentReady())
                                .toList())),
                String.format(
                        Locale.ROOT,
                        "%.0f",
                        Timings.median(starts.stream()
                                .map(each -> (double) each.residentIdle())
                                .toList())),
                String.join(
                        " ",
                        starts.stream()
                                .map(each -> String.format(Locale.ROOT, "%.1f", each.seconds()))
                                .toList()));
    }

    /** Launches the server and looks often whether it is ready. */
    static double secondsUntilReady(LibertyServer server) {
        long start = System.nanoTime();
        server.launch();
        while (!server.ready()) {
            if (System.nanoTime() - start > MOST.toNanos()) {
                throw new IllegalStateException("not ready after " + MOST + ": " + server.log());
            }
            Pause.of(Duration.ofMillis(POLL_MILLIS));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private Start start(LibertyServer server) {
        double seconds = secondsUntilReady(server);
        long pid = server.pid();
        double cpu = Processes.cpu(pid).total() / 1e3;
        long resident = Processes.mebibytes(pid, "VmRSS");
        Pause.of(bench.options().idle());
        long idle = Processes.mebibytes(pid, "VmRSS");
        server.stop();
        return new Start(seconds, cpu, resident, idle);
    }
}
