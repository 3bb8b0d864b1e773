package org.contactsync.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.contactsync.bench.StoredBooks.Filled;

/**
 * The changes feed: the last ten changes, without those of one device, and the feed from its beginning in pages. Floor: the same rows read
 * by plain JDBC along the same index.
 */
final class FeedPart {
    private static final int LAST = 10;
    private static final int PAGE = 1_000;

    private final Bench bench;
    private final Refusals refusals = new Refusals();

    FeedPart(Bench bench) {
        this.bench = bench;
    }

    void run() {
        Report report = bench.report();
        report.heading("The changes feed, one client");
        bench.server();
        List<List<String>> rows = new ArrayList<>();
        try (Wire wire = bench.wire();
                Connection connection = bench.postgres().connect()) {
            report.progress("warming up");
            long warm = Bench.deadline(bench.options().warmup());
            Filled small = bench.fill("feed", 9, PAGE);
            while (System.nanoTime() < warm) {
                new Turn(small, wire, connection).once(true);
            }
            for (int size : bench.options().books()) {
                rows.add(row(bench.fill("feed", 9, size), wire, connection));
            }
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
        report.table(
                List.of(
                        "contacts",
                        "last ten p50, p99",
                        "rows p50, p99",
                        "without the device p50, p99",
                        "from 0, p50 ms",
                        "MiB",
                        "rows p50 ms",
                        "times the floor: last ten, from 0",
                        "number"),
                rows);
        report.line(
                "A turn is a change of one contact, then each question and its floor. Verified: the number of changes of every answer.");
    }

    private List<String> row(Filled book, Wire wire, Connection connection) throws IOException, SQLException {
        bench.postgres().execute(List.of("analyze contact"));
        Turn turn = new Turn(book, wire, connection);
        for (int i = 0; i < LAST; i++) {
            turn.device.change(wire, refusals);
            turn.seq++;
        }
        long end = Bench.deadline(bench.options().seconds());
        int number = 0;
        while (System.nanoTime() < end) {
            turn.once(number % 10 == 0);
            number++;
        }
        return List.of(
                String.format(Locale.ROOT, "%,d", book.size()),
                turn.last.p50() + ", " + turn.last.p99(),
                turn.lastRows.p50() + ", " + turn.lastRows.p99(),
                turn.without.p50() + ", " + turn.without.p99(),
                turn.whole.p50(),
                String.format(Locale.ROOT, "%.1f", turn.bytes / 1048576.0),
                turn.wholeRows.p50(),
                String.format(
                        Locale.ROOT,
                        "%.2f, %.2f",
                        turn.last.millis(50) / turn.lastRows.millis(50),
                        turn.whole.millis(50) / turn.wholeRows.millis(50)),
                number + ", " + turn.whole.count());
    }

    /** One book with what it took. */
    private final class Turn {
        private final Filled book;
        private final Wire wire;
        private final Connection connection;
        private final String authorization;
        private final Device device;
        private final Timings last = new Timings();
        private final Timings lastRows = new Timings();
        private final Timings without = new Timings();
        private final Timings whole = new Timings();
        private final Timings wholeRows = new Timings();
        private long seq = 1;
        private long bytes;

        Turn(Filled book, Wire wire, Connection connection) {
            this.book = book;
            this.wire = wire;
            this.connection = connection;
            authorization = bench.authorization(book.user());
            device = bench.device(book);
        }

        void once(boolean fromTheBeginning) throws IOException, SQLException {
            device.change(wire, refusals);
            seq++;
            long since = Math.max(1, seq - LAST);
            last.add(ask("/v1/book/changes?since=" + since + "&limit=" + PAGE, (int) (seq - since)));
            without.add(
                    ask("/v1/book/changes?excludeDevice=other&since=" + since + "&limit=" + PAGE, (int) (seq - since)));
            lastRows.add(rows(since));
            if (fromTheBeginning) {
                whole.add(all());
                wholeRows.add(rows(0));
            }
        }

        private long ask(String path, int most) throws IOException {
            long begin = System.nanoTime();
            String text = wire.send("GET", path, authorization).require(200).text();
            long nanos = System.nanoTime() - begin;
            // A contact that was changed twice is in it once.
            int found = count(text);
            if (found == 0 || found > most) {
                throw new IllegalStateException(found + " changes, not up to " + most);
            }
            return nanos;
        }

        private long all() throws IOException {
            int found = 0;
            bytes = 0;
            long nanos = 0;
            for (String path = "/v1/book/changes?since=0&limit=" + PAGE; !path.isEmpty(); ) {
                long begin = System.nanoTime();
                Wire.Reply reply = wire.send("GET", path, authorization).require(200);
                nanos += System.nanoTime() - begin;
                String text = reply.text();
                bytes += reply.body().length;
                found += count(text);
                path = text.contains("\"hasMore\":true") ? reply.member("next") : "";
            }
            if (found != book.size()) {
                throw new IllegalStateException("the feed has " + found + " contacts, not " + book.size());
            }
            return nanos;
        }

        /** The uids are those of the changes only: a card has none at its top. */
        private int count(String text) {
            int found = 0;
            for (int at = text.indexOf("\"seq\":"); at >= 0; at = text.indexOf("\"seq\":", at + 1)) {
                found++;
            }
            // The answer has one of its own.
            return found - 1;
        }

        private long rows(long since) throws SQLException {
            long begin = System.nanoTime();
            int found = 0;
            long from = since;
            byte[] after = {};
            try (PreparedStatement query = connection.prepareStatement(
                    "select uid, card, content_hash, position, entry_sum, seq, device from contact"
                            + " where book_id = ? and (seq, uid) > (?, ?) order by book_id, seq, uid limit " + PAGE)) {
                int read;
                do {
                    read = 0;
                    query.setLong(1, book.id());
                    query.setLong(2, from);
                    query.setBytes(3, after);
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            row.getBytes(2);
                            row.getBytes(3);
                            row.getBytes(5);
                            after = row.getBytes(1);
                            from = row.getLong(6);
                            read++;
                        }
                    }
                    found += read;
                } while (read == PAGE);
            }
            if (found == 0) {
                throw new IllegalStateException("the floor has read nothing");
            }
            return System.nanoTime() - begin;
        }
    }
}
