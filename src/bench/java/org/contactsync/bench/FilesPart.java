package org.contactsync.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.checkcode.CheckCodes;

/**
 * Exports of books of several sizes in each format, and the import of 1,000 contacts into such books. Floor of the exports: the same rows
 * read by plain JDBC; of the imports: rows of as many contacts written by plain JDBC in one transaction.
 */
final class FilesPart {
    private static final int FETCH = 2_000;
    private static final int IMPORTED = 1_000;

    private final Bench bench;

    FilesPart(Bench bench) {
        this.bench = bench;
    }

    private enum Format {
        VCARD_4("text/vcard;version=4.0", "BEGIN:VCARD"),
        VCARD_3("text/vcard;version=3.0", "BEGIN:VCARD"),
        JSCONTACT("application/jscontact+json", "\"@type\":\"Card\"");

        private final String type;
        private final String each;

        Format(String type, String each) {
            this.type = type;
            this.each = each;
        }

        /** How many contacts a file has. */
        private int contacts(String file) {
            int found = 0;
            for (int at = file.indexOf(each); at >= 0; at = file.indexOf(each, at + each.length())) {
                found++;
            }
            return found;
        }
    }

    /** What was measured of books of one size. */
    private record Measured(
            Map<Format, Timings> exports, Map<Format, Integer> bytes, Timings read, Timings imported, Timings written) {
        Timings of(Format format) {
            return Objects.requireNonNull(exports.get(format));
        }

        static Measured nothing() {
            Map<Format, Timings> exports = new EnumMap<>(Format.class);
            for (Format format : Format.values()) {
                exports.put(format, new Timings());
            }
            return new Measured(exports, new EnumMap<>(Format.class), new Timings(), new Timings(), new Timings());
        }
    }

    void run() {
        Report report = bench.report();
        report.heading("Files, one client");
        bench.server();
        bench.postgres().execute(PlainJdbc.TABLES);
        List<List<String>> rows = new ArrayList<>();
        try (Wire wire = bench.wire()) {
            report.progress("warming up");
            long warm = Bench.deadline(bench.options().warmup());
            while (System.nanoTime() < warm) {
                round(wire, 2_500, Measured.nothing());
            }
            for (int size : bench.options().books()) {
                report.progress("a book of " + size);
                Measured measured = Measured.nothing();
                for (int round = 0; round < bench.options().rounds(); round++) {
                    round(wire, size, measured);
                }
                rows.add(row(size, measured));
            }
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
        report.table(
                List.of(
                        "contacts",
                        "vCard 4.0 ms",
                        "MiB",
                        "vCard 3.0 ms",
                        "MiB",
                        "JSContact ms",
                        "MiB",
                        "rows read ms",
                        "vCard 4.0, times the floor",
                        "import of 1,000, ms",
                        "rows written ms",
                        "times the floor",
                        "rounds"),
                rows);
        report.line(
                "Medians. Verified: the check code of each export is the book's, its contacts are all there; each import says the code"
                        + " and the number of contacts that the database has afterwards.");
    }

    private static List<String> row(int size, Measured measured) {
        List<String> row = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", size)));
        measured.exports().forEach((format, timings) -> {
            row.add(timings.p50());
            row.add(String.format(Locale.ROOT, "%.1f", measured.bytes().getOrDefault(format, 0) / 1048576.0));
        });
        row.add(measured.read().p50());
        row.add(times(measured.of(Format.VCARD_4), measured.read()));
        row.add(measured.imported().p50());
        row.add(measured.written().p50());
        row.add(times(measured.imported(), measured.written()));
        row.add(Integer.toString(measured.read().count()));
        return row;
    }

    private static String times(Timings figure, Timings floor) {
        return String.format(Locale.ROOT, "%.2f", figure.millis(50) / floor.millis(50));
    }

    private void round(Wire wire, int size, Measured measured) throws IOException, SQLException {
        Filled book = bench.fill("files", 11, size);
        bench.postgres().execute(List.of("analyze contact"));
        String authorization = bench.authorization(book.user());
        long begin = System.nanoTime();
        read(book);
        measured.read().add(System.nanoTime() - begin);
        for (Format format : Format.values()) {
            begin = System.nanoTime();
            Wire.Reply reply = export(wire, authorization, format);
            measured.of(format).add(System.nanoTime() - begin);
            measured.bytes().put(format, reply.body().length);
            if (!reply.tag().orElse("").equals(book.code().value()) || format.contacts(reply.text()) != size) {
                throw new IllegalStateException(
                        "the export is of another book: " + reply.tag() + ", not " + book.code());
            }
        }
        byte[] file = others(wire, size);
        begin = System.nanoTime();
        Wire.Reply reply = wire.send(
                        "POST",
                        "/v1/book/import",
                        authorization + "Content-Type: text/vcard\r\nPrefer: wait=55\r\nIdempotency-Key: \""
                                + UUID.randomUUID() + "\"\r\n",
                        file)
                .require(200);
        measured.imported().add(System.nanoTime() - begin);
        StoredBooks.Found found = bench.books(11).read(book.user());
        if (found.count() != size + IMPORTED || !found.code().value().equals(reply.member("checkCode"))) {
            throw new IllegalStateException("the import says " + reply.text() + ", the book is " + found);
        }
        write(book, size, measured);
    }

    private static Wire.Reply export(Wire wire, String authorization, Format format) throws IOException {
        return wire.send("GET", "/v1/book/export", authorization + "Accept: " + format.type + "\r\n")
                .require(200);
    }

    /** A file of contacts that a book of this size does not have, as another book is exported. */
    private byte[] others(Wire wire, int size) throws IOException, SQLException {
        String user = Bench.newUser("others");
        try (Connection connection = bench.postgres().connect()) {
            bench.books(12).fill(connection, user, bench.cards(size + IMPORTED), size, IMPORTED);
        }
        return export(wire, bench.authorization(user), Format.VCARD_4).body();
    }

    /** What the service reads for an export, without the service. */
    private void read(Filled book) throws SQLException {
        long bytes = 0;
        int count = 0;
        try (Connection connection = bench.postgres().connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement("select uid, card from contact"
                    + " where book_id = ? and generation = 1 and card is not null order by uid")) {
                query.setFetchSize(FETCH);
                query.setLong(1, book.id());
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        bytes += row.getBytes(1).length + row.getBytes(2).length;
                        count++;
                    }
                }
            }
        }
        if (count != book.size() || bytes < book.size()) {
            throw new IllegalStateException("the floor has read another book");
        }
    }

    /** The rows of the imported contacts, by plain JDBC. */
    private void write(Filled book, int size, Measured measured) throws SQLException {
        CheckCodes codes = new CheckCodes(book.key());
        MadeCards cards = bench.cards(size + IMPORTED);
        List<PlainJdbc.Row> rows = IntStream.range(size, size + IMPORTED)
                .mapToObj(i -> PlainJdbc.Row.of(codes, cards.uid(i), cards.card(i, 0)))
                .toList();
        try (PlainJdbc floor = new PlainJdbc(bench.postgres())) {
            long begin = System.nanoTime();
            floor.insert(book.id(), rows, IMPORTED);
            measured.written().add(System.nanoTime() - begin);
        }
    }
}
