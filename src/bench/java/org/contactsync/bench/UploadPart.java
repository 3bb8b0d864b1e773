package org.contactsync.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.contactsync.bench.PlainJdbc.Row;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;

/** First uploads in chunks; floor: the same rows in plain JDBC batches of the same size, each committed. */
final class UploadPart {
    static final int CHUNK = 500;
    private static final int WARMUP_CONTACTS = 1_000;

    private final Bench bench;
    private final StoredBooks books;
    /** Books of the floor, which need no row in the table of books. */
    private long floorBook;

    UploadPart(Bench bench) {
        this.bench = bench;
        books = bench.books(1);
    }

    private enum Way {
        PLAIN,
        GZIP,
        FLOOR
    }

    private record Turn(
            int size, Way way, double perSecond, double chunkMillis, double commitMillis, double openMillis) {}

    void run() {
        Report report = bench.report();
        report.heading("First upload in chunks of " + CHUNK);
        bench.server();
        bench.postgres().execute(PlainJdbc.TABLES);
        warmUp();
        List<Turn> turns = bench.profiled("upload", this::turns);
        List<List<String>> rows = new ArrayList<>();
        for (int size : bench.options().uploads()) {
            double floor = median(turns, size, Way.FLOOR);
            for (Way way : List.of(Way.PLAIN, Way.GZIP)) {
                List<Turn> these = of(turns, size, way);
                double rate = median(turns, size, way);
                rows.add(List.of(
                        number(size),
                        way == Way.GZIP ? "gzip" : "plain",
                        number(rate),
                        number(floor),
                        String.format(Locale.ROOT, "%.2f", floor / rate),
                        Timings.ms(Timings.median(
                                these.stream().map(Turn::openMillis).toList())),
                        Timings.ms(Timings.median(
                                these.stream().map(Turn::chunkMillis).toList())),
                        Timings.ms(Timings.median(
                                these.stream().map(Turn::commitMillis).toList())),
                        all(these) + " / " + all(of(turns, size, Way.FLOOR))));
            }
        }
        report.table(
                List.of(
                        "contacts",
                        "body",
                        "contacts/s",
                        "floor rows/s",
                        "times the floor",
                        "open ms",
                        "chunk p50 ms",
                        "commit ms",
                        "all rounds / floors"),
                rows);
        report.line("Medians of " + bench.options().rounds() + " rounds, each plain, gzip, floor. About "
                + bench.cards(1).meanBytes()
                + " canonical bytes a contact. The clock runs from opening to the answer to the commit; bodies and"
                + " digests are made before. Verified: the code of the stored rows is the client's.");
    }

    private void warmUp() {
        bench.report().progress("warming up with uploads of " + WARMUP_CONTACTS);
        long end = Bench.deadline(bench.options().warmup());
        for (int i = 0; System.nanoTime() < end; i++) {
            new Uploading(bench, WARMUP_CONTACTS, CHUNK, i % 2 == 1).run();
        }
        floor(WARMUP_CONTACTS);
    }

    private List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (int round = 0; round < bench.options().rounds(); round++) {
            for (int size : bench.options().uploads()) {
                for (Way way : Way.values()) {
                    bench.postgres().checkpoint();
                    Turn turn = way == Way.FLOOR ? floor(size) : upload(size, way);
                    bench.report()
                            .progress(way + " " + size + ": " + number(turn.perSecond()) + "/s, commit "
                                    + Timings.ms(turn.commitMillis()) + " ms");
                    turns.add(turn);
                }
            }
        }
        return turns;
    }

    private Turn upload(int size, Way way) {
        Uploading uploading = new Uploading(bench, size, CHUNK, way == Way.GZIP);
        Uploading.Times times = uploading.run();
        uploading.verify(books);
        Timings chunks = new Timings();
        times.chunkNanos().forEach(chunks::add);
        return new Turn(
                size,
                way,
                times.perSecond(size),
                chunks.millis(50),
                times.commitNanos() / 1e6,
                times.openNanos() / 1e6);
    }

    private Turn floor(int size) {
        MadeCards cards = bench.cards(size);
        CheckCodes codes = new CheckCodes(CheckKey.of(new byte[CheckKey.BYTES]));
        List<Row> rows = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            rows.add(Row.of(codes, cards.uid(i), cards.card(i, 0)));
        }
        try (PlainJdbc jdbc = new PlainJdbc(bench.postgres())) {
            long start = System.nanoTime();
            jdbc.insert(++floorBook, rows, CHUNK);
            return new Turn(size, Way.FLOOR, size / ((System.nanoTime() - start) / 1e9), 0, 0, 0);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Turn> of(List<Turn> turns, int size, Way way) {
        return turns.stream()
                .filter(turn -> turn.size() == size && turn.way() == way)
                .toList();
    }

    private static double median(List<Turn> turns, int size, Way way) {
        return Timings.median(of(turns, size, way).stream().map(Turn::perSecond).toList());
    }

    private static String all(List<Turn> turns) {
        return String.join(
                " ", turns.stream().map(turn -> number(turn.perSecond())).toList());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
