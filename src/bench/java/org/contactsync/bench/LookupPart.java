package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.it.Pause;

/**
 * Look-ups by number and by name in books of several sizes: the first, which reads the book, later ones over the index, and 200 a second
 * beside changes. Floor: the query of the index by plain JDBC.
 */
final class LookupPart {
    private static final Duration INDEXED = Duration.ofMinutes(3);

    private static final String FLOOR = "select e.entry, e.uid, e.label, e.name, e.marks from lookup_entry e"
            + " join contact c on c.book_id = e.book_id and c.generation = ? and c.uid = e.uid and c.seq = e.seq"
            + " where e.book_id = ? and e.epoch = ? and e.entry >= ? and e.entry < ?"
            + " order by e.book_id, e.epoch, e.entry, e.uid limit 200";

    private final Bench bench;
    private final SplittableRandom random;

    LookupPart(Bench bench) {
        this.bench = bench;
        random = new SplittableRandom(bench.options().seed());
    }

    /** A book with what was measured in it. */
    private record Measured(
            Filled book,
            String authorization,
            double first,
            double indexed,
            Timings phones,
            Timings nobody,
            Timings names,
            Timings unchanged,
            Timings floor) {}

    void run() {
        Report report = bench.report();
        report.heading("Look-ups");
        bench.server();
        List<Measured> measured = new ArrayList<>();
        for (int size : bench.options().books()) {
            report.progress("a book of " + size);
            measured.add(measure(size));
        }
        report.table(
                List.of(
                        "contacts",
                        "first ms",
                        "index made after s",
                        "number p50 ms",
                        "p99",
                        "nobody p50",
                        "p99",
                        "304 p50",
                        "name p50",
                        "p99",
                        "floor p50",
                        "p99",
                        "times the floor (p50)",
                        "number"),
                measured.stream().map(LookupPart::row).toList());
        report.line(
                "First: without an index, the whole book is read. Floor: the query of the index, one connection. Look-up and floor"
                        + " take turns request by request.");
        LookupLoad load = new LookupLoad(bench, random, this::fill);
        report.table(
                LookupLoad.COLUMNS,
                measured.stream()
                        .flatMap(each -> load.rows(each.book(), each.authorization()).stream())
                        .toList());
        report.line(LookupLoad.NOTE);
    }

    private static List<String> row(Measured each) {
        return List.of(
                String.format(Locale.ROOT, "%,d", each.book().size()),
                Timings.ms(each.first()),
                String.format(Locale.ROOT, "%.1f", each.indexed()),
                each.phones().p50(),
                each.phones().p99(),
                each.nobody().p50(),
                each.nobody().p99(),
                each.unchanged().p50(),
                each.names().p50(),
                each.names().p99(),
                each.floor().p50(),
                each.floor().p99(),
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        each.phones().millis(50) / each.floor().millis(50)),
                Integer.toString(each.phones().count()));
    }

    private Measured measure(int size) {
        Filled book = fill("lookup", size);
        String authorization = bench.authorization(book.user());
        Measured measured = new Measured(
                book, authorization, 0, 0, new Timings(), new Timings(), new Timings(), new Timings(), new Timings());
        try (Wire wire = bench.wire();
                Connection connection = bench.postgres().connect()) {
            // The classes and the metadata of the library are loaded by another user's look-up.
            Filled other = fill("warm", 10);
            look(wire, bench.authorization(other.user()), 1, true);
            long start = System.nanoTime();
            look(wire, authorization, random.nextInt(size), true);
            double first = (System.nanoTime() - start) / 1e6;
            double indexed = awaitIndex(connection, book, start);
            long warm = Bench.deadline(
                    bench.options().warmup().dividedBy(bench.options().books().size()));
            Measured unmeasured = new Measured(
                    book,
                    authorization,
                    0,
                    0,
                    new Timings(),
                    new Timings(),
                    new Timings(),
                    new Timings(),
                    new Timings());
            try (PreparedStatement query = connection.prepareStatement(FLOOR)) {
                while (System.nanoTime() < warm) {
                    round(wire, query, unmeasured);
                }
                long end = Bench.deadline(bench.options().seconds());
                while (System.nanoTime() < end) {
                    round(wire, query, measured);
                }
            }
            return new Measured(
                    book,
                    authorization,
                    first,
                    indexed,
                    measured.phones(),
                    measured.nobody(),
                    measured.names(),
                    measured.unchanged(),
                    measured.floor());
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void round(Wire wire, PreparedStatement query, Measured measured) throws IOException, SQLException {
        int number = measured.book().first() + random.nextInt(measured.book().size());
        long start = System.nanoTime();
        Wire.Reply reply = look(wire, measured.authorization(), number, true);
        measured.phones().add(System.nanoTime() - start);
        start = System.nanoTime();
        look(
                wire,
                measured.authorization(),
                99_999 - random.nextInt(1_000),
                measured.book().size() > 98_000);
        measured.nobody().add(System.nanoTime() - start);
        start = System.nanoTime();
        wire.send(
                        "GET",
                        path(number),
                        measured.authorization() + "If-None-Match: \""
                                + reply.tag().orElseThrow() + "\"\r\n")
                .require(304);
        measured.unchanged().add(System.nanoTime() - start);
        start = System.nanoTime();
        wire.send("GET", "/v1/book/contacts?q=" + (char) ('a' + random.nextInt(26)), measured.authorization())
                .require(200);
        measured.names().add(System.nanoTime() - start);
        start = System.nanoTime();
        floor(query, measured.book(), number);
        measured.floor().add(System.nanoTime() - start);
    }

    private static String path(int variant) {
        return String.format(Locale.ROOT, "/v1/book/contacts?phone=%%2B4477009%05d&region=GB", variant);
    }

    static Wire.Reply look(Wire wire, String authorization, int variant, boolean found) throws IOException {
        Wire.Reply reply = wire.send("GET", path(variant), authorization).require(200);
        if (reply.text().contains("\"exact\"") != found) {
            throw new IllegalStateException("a number was " + (found ? "not " : "") + "found: " + variant);
        }
        return reply;
    }

    private static void floor(PreparedStatement query, Filled book, int variant) throws SQLException {
        String group = String.format(Locale.ROOT, "n09%05d/", variant);
        query.setLong(1, 1);
        query.setLong(2, book.id());
        query.setLong(3, 1);
        query.setBytes(4, group.getBytes(StandardCharsets.UTF_8));
        query.setBytes(5, group.replace('/', '0').getBytes(StandardCharsets.UTF_8));
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw new IllegalStateException("the floor found nothing");
            }
        }
    }

    private static double awaitIndex(Connection connection, Filled book, long start) throws SQLException {
        long end = Bench.deadline(INDEXED);
        try (PreparedStatement query = connection.prepareStatement(
                "select 1 from lookup_index i join book b on b.id = i.book_id where b.id = ? and i.seq = b.seq")) {
            while (System.nanoTime() < end) {
                query.setLong(1, book.id());
                try (ResultSet row = query.executeQuery()) {
                    if (row.next()) {
                        return (System.nanoTime() - start) / 1e9;
                    }
                }
                Pause.of(Duration.ofMillis(50));
            }
        }
        throw new IllegalStateException("the index is not made");
    }

    private Filled fill(String name, int size) {
        try (Connection connection = bench.postgres().connect()) {
            return bench.books(5).fill(connection, Bench.newUser(name), bench.cards(size), 0, size, number -> number);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
