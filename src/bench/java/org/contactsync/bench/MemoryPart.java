package org.contactsync.bench;

import java.util.List;
import java.util.Locale;

/** A large upload into the server with a small heap; its time must grow with the size and not faster. */
final class MemoryPart {
    private static final int PARTS = 4;

    private final Bench bench;

    MemoryPart(Bench bench) {
        this.bench = bench;
    }

    void run() {
        Report report = bench.report();
        int size = bench.options().memoryContacts();
        report.heading(String.format(
                Locale.ROOT,
                "Upload of %,d contacts into a heap of %s",
                size,
                bench.options().heap()));
        long pid = bench.server().pid();
        long before = Processes.mebibytes(pid, "VmRSS");
        Uploading uploading = new Uploading(bench, size, UploadPart.CHUNK, false);
        String readBefore = read();
        Uploading.Times times = uploading.run();
        report.progress("index entries read before: " + readBefore + "; after: " + read());
        uploading.verify(bench.books(6));
        List<Long> chunks = times.chunkNanos();
        StringBuilder quarters = new StringBuilder();
        for (int i = 0; i < PARTS; i++) {
            List<Long> quarter = chunks.subList(chunks.size() * i / PARTS, chunks.size() * (i + 1) / PARTS);
            double seconds = quarter.stream().mapToLong(Long::longValue).sum() / 1e9;
            quarters.append(String.format(Locale.ROOT, i == 0 ? "%.2f" : " / %.2f", seconds));
        }
        report.table(
                List.of(
                        "seconds",
                        "contacts/s",
                        "quarters, seconds",
                        "commit ms",
                        "MiB sent",
                        "resident MiB before",
                        "most",
                        "after"),
                List.of(List.of(
                        String.format(Locale.ROOT, "%.1f", times.allNanos() / 1e9),
                        String.format(Locale.ROOT, "%,.0f", times.perSecond(size)),
                        quarters.toString(),
                        Timings.ms(times.commitNanos() / 1e6),
                        Long.toString(times.bytes() >> 20),
                        Long.toString(before),
                        Long.toString(Processes.mebibytes(pid, "VmHWM")),
                        Long.toString(Processes.mebibytes(pid, "VmRSS")))));
        report.line("Linear when the quarters take the same time. The server may have done other parts before"
                + " (alone: -Dbench.only=memory).");
    }

    /** Entries read from each index of the contacts: many more than contacts sent means that chunks read what came before. */
    private String read() {
        return bench.postgres()
                .text("select coalesce(string_agg(indexrelname || ' ' || idx_tup_read, ', '), '')"
                        + " from pg_stat_user_indexes where schemaname = 'public' and relname = 'contact'");
    }
}
