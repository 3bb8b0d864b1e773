package org.contactsync.bench;

import java.nio.file.Path;
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
                        options, directory.resolve("before"), report, Optional.of(Path.of(options.before())))) {
                    new BeforePart(bench, before).run();
                }
            }
            if (options.wants("start")) {
                bench.stopServer();
                new StartPart(bench).run();
            }
        }
    }
}
