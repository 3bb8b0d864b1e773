package org.contactsync.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Runs the parts that were asked for, one after the other. Started by {@code mvn -Pbench verify} only. */
class Benchmarks {
    @Test
    void measures() {
        // PostgreSQL says a lot while it starts.
        Logger.getLogger("").setLevel(Level.WARNING);
        Options options = Options.fromSystem();
        Path directory = Path.of(System.getProperty("bench.directory", "target/bench"));
        Report report = new Report(directory.resolve("results.md"));
        Machine.describe(report, options, directory);
        try (Bench bench = new Bench(options, directory, report)) {
            // Memory first, while the server has not grown; starts last, because they empty the database.
            if (options.wants("memory")) {
                new MemoryPart(bench).run();
            }
            if (options.wants("upload")) {
                new UploadPart(bench).run();
            }
            if (options.wants("patch")) {
                new OneClientPart(bench).changes();
            }
            if (options.wants("head")) {
                new OneClientPart(bench).questions();
            }
            if (options.wants("growth")) {
                new GrowthPart(bench).run();
            }
            if (options.wants("tree")) {
                new TreePart(bench).run();
            }
            if (options.wants("feed")) {
                new FeedPart(bench).run();
            }
            if (options.wants("history")) {
                new HistoryPart(bench).run();
            }
            if (options.wants("restore")) {
                new RestorePart(bench).run();
            }
            if (options.wants("undo")) {
                new RestorePart(bench).undo();
            }
            if (options.wants("events")) {
                new EventsPart(bench).run();
            }
            if (options.wants("throughput")) {
                new ManyClientsPart(bench).run();
            }
            if (options.wants("stuck")) {
                new StuckPart(bench).run();
            }
            if (options.wants("writers")) {
                new WritersPart(bench).run();
            }
            if (options.wants("dealing")) {
                new DealingPart(bench).run();
            }
            if (options.wants("lookup")) {
                new LookupPart(bench).run();
            }
            if (options.wants("files")) {
                new FilesPart(bench).run();
            }
            if (options.wants("before")) {
                try (Bench before = new Bench(
                        options,
                        directory.resolve("before"),
                        report,
                        Optional.of(Path.of(options.before().get(0))))) {
                    new BeforePart(bench, before).run();
                }
            }
            if (options.wants("embedded")) {
                new EmbeddedPart(bench).run();
            }
            if (options.wants("warm")) {
                warm(bench, options, directory, report);
            }
            if (options.wants("start")) {
                bench.stopServer();
                new StartPart(bench).run();
            }
        }
    }

    /** This build, and all that {@code bench.before} names. */
    private static void warm(Bench bench, Options options, Path directory, Report report) {
        List<Bench> benches = new ArrayList<>(List.of(bench));
        try {
            for (String home : options.before()) {
                benches.add(new Bench(
                        options, directory.resolve("warm-" + benches.size()), report, Optional.of(Path.of(home))));
            }
            new WarmPart(benches).run();
        } finally {
            benches.subList(1, benches.size()).forEach(Bench::close);
        }
    }
}
