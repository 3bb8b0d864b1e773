package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.checkcode.CheckCode;

/**
 * What the history costs and how soon it is read. Bytes: changes of one contact by the service, and the rows of such a change without a
 * history by plain JDBC. Pages: the floor is the same rows read by plain JDBC.
 */
final class HistoryPart {
    private static final int CHANGES = 1_000;
    private static final int DELETED = 50;
    private static final int PAGE = 50;
    private static final double KIB = 1024;

    private final Bench bench;
    private final Refusals refusals = new Refusals();

    HistoryPart(Bench bench) {
        this.bench = bench;
    }

    /** What the database has written: of its log, and in the tables with their indexes. */
    private record Written(long log, long history, long others) {
        static Written now(DurablePostgres postgres, String schema) {
            return new Written(
                    number(postgres, "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"),
                    size(postgres, schema, "in"),
                    size(postgres, schema, "not in"));
        }

        private static long size(DurablePostgres postgres, String schema, String which) {
            return number(
                    postgres,
                    "select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c join pg_namespace n"
                            + " on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = '" + schema
                            + "' and c.relname " + which + " ('book_change', 'contact_version')");
        }

        private static long number(DurablePostgres postgres, String query) {
            return Long.parseLong(postgres.text(query));
        }

        String each(Written before) {
            return String.format(
                    Locale.ROOT,
                    "%.2f KiB, %.2f KiB, %.2f KiB",
                    (log - before.log) / KIB / CHANGES,
                    (others - before.others) / KIB / CHANGES,
                    (history - before.history) / KIB / CHANGES);
        }
    }

    void run() {
        Report report = bench.report();
        report.heading("The history, one client");
        bench.server();
        List<List<String>> bytes = new ArrayList<>();
        List<List<String>> pages = new ArrayList<>();
        try (Wire wire = bench.wire();
                Connection connection = bench.postgres().connect()) {
            report.progress("warming up");
            Filled small = bench.fill("history", 10, 1_000);
            Device warm = bench.device(small);
            long end = Bench.deadline(bench.options().warmup());
            while (System.nanoTime() < end) {
                warm.change(wire, refusals);
                wire.send("GET", "/v1/book/history?limit=" + PAGE, bench.authorization(small.user()))
                        .require(200);
            }
            for (int size : bench.options().books()) {
                Filled book = bench.fill("history", 10, size);
                PlainJdbc.copy(bench.postgres(), List.of(book));
                Filled rest = delete(book, wire);
                Device device = bench.device(rest);
                bytes.add(bytes(book, device, wire));
                pages.add(pages(rest, device, wire, connection));
            }
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
        report.line(
                "Bytes of a change of one contact: log, tables and indexes without the history, those of the history; "
                        + CHANGES + " changes each.");
        report.line("");
        report.table(
                List.of(
                        "contacts",
                        "the service",
                        "rows without history by JDBC",
                        "rows of the history for each change"),
                bytes);
        report.line("Pages of " + PAGE + " after " + CHANGES + " changes and " + DELETED + " deletes:");
        report.line("");
        report.table(
                List.of("contacts", "history p50, p99 ms", "rows", "versions", "rows", "trash", "rows", "number"),
                pages);
    }

    /** Puts the first contacts into the trash; the book of the others. */
    private Filled delete(Filled book, Wire wire) throws IOException {
        String body = IntStream.range(0, DELETED)
                .mapToObj(i -> "{\"op\":\"delete\",\"uid\":\""
                        + bench.cards(DELETED).uid(i).value() + "\"}")
                .collect(Collectors.joining(",", "{\"changes\":[", "]}"));
        Wire.Reply reply = wire.send(
                        "PATCH",
                        "/v1/book/contacts",
                        bench.authorization(book.user()) + "Content-Type: application/json\r\nIf-Match: \""
                                + book.code() + "\"\r\n",
                        body.getBytes(StandardCharsets.UTF_8))
                .require(200);
        CheckCode code = new CheckCode(reply.tag().orElseThrow());
        return new Filled(book.id(), book.user(), book.key(), code, DELETED, book.size() - DELETED);
    }

    private List<String> bytes(Filled book, Device device, Wire wire) throws IOException, SQLException {
        DurablePostgres postgres = bench.postgres();
        postgres.checkpoint();
        Written before = Written.now(postgres, "public");
        for (int i = 0; i < CHANGES; i++) {
            device.change(wire, refusals);
        }
        final String service = Written.now(postgres, "public").each(before);
        String rows = postgres.text("select (select count(*) from book_change where book_id = " + book.id()
                + " and seq > 2) || ' changes, ' || (select count(*) || ' versions of ' ||"
                + " round(avg(octet_length(card))) || ' bytes' from contact_version where book_id = " + book.id()
                + " and until_seq > 2)");
        SplittableRandom random = new SplittableRandom(bench.options().seed());
        try (PlainJdbc jdbc = new PlainJdbc(postgres)) {
            postgres.checkpoint();
            before = Written.now(postgres, "floor");
            MadeCards cards = bench.cards(book.size());
            for (int i = 0; i < CHANGES; i++) {
                int number = random.nextInt(book.size());
                jdbc.change(
                        StoredBooks.owner(book.user()).key(),
                        cards.uid(number),
                        cards.card(number, random.nextInt(90_000)),
                        new UUID(random.nextLong(), random.nextLong()));
            }
        }
        return List.of(
                String.format(Locale.ROOT, "%,d", book.size()),
                service,
                Written.now(postgres, "floor").each(before),
                rows);
    }

    private List<String> pages(Filled rest, Device device, Wire wire, Connection connection)
            throws IOException, SQLException {
        String authorization = bench.authorization(rest.user());
        String uid = bench.postgres()
                .text("select convert_from(uid, 'UTF8') from contact_version where book_id = " + rest.id()
                        + " group by uid order by count(*) desc limit 1");
        List<String> paths = List.of(
                "/v1/book/history?limit=" + PAGE,
                "/v1/book/contacts/" + uid + "/versions?limit=" + PAGE,
                "/v1/book/trash?limit=" + PAGE);
        List<String> floors = List.of(
                "select * from book_change where book_id = " + rest.id() + " order by seq desc limit " + PAGE,
                "select v.*, b.at_micros, b.device from contact_version v join book_change b on b.book_id = v.book_id"
                        + " and b.seq = v.until_seq where v.book_id = " + rest.id() + " and v.uid = convert_to('" + uid
                        + "', 'UTF8') order by v.until_seq desc limit " + PAGE,
                "select v.*, b.at_micros, b.device from contact_version v join book_change b on b.book_id = v.book_id"
                        + " and b.seq = v.until_seq where v.book_id = " + rest.id() + " and v.until_seq = 2 limit "
                        + PAGE);
        List<Timings> asked = List.of(new Timings(), new Timings(), new Timings());
        List<Timings> read = List.of(new Timings(), new Timings(), new Timings());
        long end = Bench.deadline(bench.options().seconds());
        while (System.nanoTime() < end) {
            device.change(wire, refusals);
            for (int i = 0; i < paths.size(); i++) {
                long begin = System.nanoTime();
                wire.send("GET", paths.get(i), authorization).require(200);
                asked.get(i).add(System.nanoTime() - begin);
                begin = System.nanoTime();
                read(connection, floors.get(i));
                read.get(i).add(System.nanoTime() - begin);
            }
        }
        List<String> row = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", rest.size() + DELETED)));
        for (int i = 0; i < paths.size(); i++) {
            row.add(asked.get(i).p50() + ", " + asked.get(i).p99());
            row.add(read.get(i).p50());
        }
        row.add(Integer.toString(asked.get(0).count()));
        return row;
    }

    private static void read(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            int columns = row.getMetaData().getColumnCount();
            int found = 0;
            while (row.next()) {
                for (int i = 1; i <= columns; i++) {
                    row.getObject(i);
                }
                found++;
            }
            if (found == 0) {
                throw new IllegalStateException("the floor has read nothing: " + query);
            }
        }
    }
}
