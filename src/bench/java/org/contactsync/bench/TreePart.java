package org.contactsync.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.it.Pause;
import org.contactsync.sync.reading.BookTree;

/**
 * The digest tree as a repair asks for it: the first answer of a book that no instance has seen, the first of an instance when another one
 * has stored the tree, and later ones. Floor of the first: the same rows read and added up by plain JDBC; of the later ones: {@code GET
 * /v1/book}.
 */
final class TreePart {
    private static final int FETCH = 2_000;

    /** Trees of so many other books take the place of one in the memory of the instance. */
    private static final int OTHERS = 60;

    /** Contacts of each of them: enough to be kept. */
    private static final int OF_OTHERS = 2_500;

    /** Until the sweeper has stored a tree. */
    private static final Duration STORED = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String BYTES = "Accept: application/octet-stream\r\n";
    private static final String JSON = "Accept: application/json\r\nAccept-Encoding: gzip\r\n";

    private final Bench bench;
    private final List<Filled> others = new ArrayList<>();

    TreePart(Bench bench) {
        this.bench = bench;
    }

    /** What a repair of ten differences asks, in its order. */
    private enum Question {
        TWO_LEVELS("digests?depth=2", BYTES),
        TEN_BELOW("digests?depth=1&prefix=" + prefixes(10, 2), BYTES),
        TEN_DEEPEST("digests?depth=1&prefix=" + prefixes(10, 3), BYTES),
        ENTRIES("digests/entries?prefix=" + prefixes(10, 3), JSON),
        MOST_NODES("digests?depth=1&prefix=" + prefixes(256, 2), BYTES);

        private final String path;
        private final String headers;

        Question(String path, String headers) {
            this.path = path;
            this.headers = headers;
        }

        private static String prefixes(int number, int digits) {
            int all = 1 << 4 * digits;
            return IntStream.range(0, number)
                    .mapToObj(n -> Integer.toHexString(n * (all / number) | all).substring(1))
                    .collect(Collectors.joining(","));
        }
    }

    void run() {
        Report report = bench.report();
        report.heading("The digest tree, one client");
        bench.server();
        try (Wire wire = bench.wire()) {
            warmUp(wire);
            for (int i = 0; i < OTHERS; i++) {
                others.add(bench.fill("other", 8, OF_OTHERS));
            }
            List<List<String>> rows = new ArrayList<>();
            for (int size : bench.options().books()) {
                rows.add(row(size, wire));
            }
            List<String> head = new ArrayList<>(List.of(
                    "contacts",
                    "first ms: all rounds / rows by JDBC",
                    "first with a stored tree",
                    "first with a stored tree and a change since"));
            for (Question question : Question.values()) {
                head.add(question.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " p50, p99");
            }
            head.add("after a change p50, p99");
            head.add("GET /v1/book p50, p99");
            report.table(head, rows);
            report.line(
                    "First: two levels of a book that was never asked for. With a stored tree: when the instance has it no more in"
                            + " memory; smaller books have none. Then each question in turn. Verified: every answer has the"
                            + " check code of the book.");
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void warmUp(Wire wire) throws IOException {
        bench.report().progress("warming up");
        long warm = Bench.deadline(bench.options().warmup());
        while (System.nanoTime() < warm) {
            Filled book = bench.fill("tree", 7, 2_500);
            String authorization = bench.authorization(book.user());
            for (int i = 0; i < 50; i++) {
                for (Question question : Question.values()) {
                    ask(wire, question, authorization, book.code().value());
                }
            }
        }
    }

    private List<String> row(int size, Wire wire) throws IOException, SQLException {
        List<String> first = new ArrayList<>();
        List<String> floor = new ArrayList<>();
        List<String> stored = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        Filled book = bench.fill("tree", 7, size);
        Device device = bench.device(book);
        for (int round = 0; round < bench.options().rounds(); round++) {
            book = round == 0 ? book : bench.fill("tree", 7, size);
            device = bench.device(book);
            bench.postgres().execute(List.of("analyze contact"));
            long begin = System.nanoTime();
            addUp(book);
            floor.add(Timings.ms((System.nanoTime() - begin) / 1e6));
            first.add(Timings.ms(ask(
                            wire,
                            Question.TWO_LEVELS,
                            bench.authorization(book.user()),
                            book.code().value())
                    / 1e6));
            if (size >= BookTree.LEAST_CONTACTS) {
                awaitStored(book);
                stored.add(again(wire, book));
                device.change(wire, new Refusals());
                behind.add(again(wire, book));
            }
        }
        List<String> row = new ArrayList<>(List.of(
                String.format(Locale.ROOT, "%,d", size),
                String.join(" ", first) + " / " + String.join(" ", floor),
                stored.isEmpty() ? "–" : String.join(" ", stored),
                behind.isEmpty() ? "–" : String.join(" ", behind)));
        Timings[] later = new Timings[Question.values().length];
        IntStream.range(0, later.length).forEach(i -> later[i] = new Timings());
        Timings look = new Timings();
        Timings changed = new Timings();
        String authorization = bench.authorization(book.user());
        String code = code(wire, authorization);
        long end = Bench.deadline(bench.options().seconds());
        while (System.nanoTime() < end) {
            for (Question question : Question.values()) {
                later[question.ordinal()].add(ask(wire, question, authorization, code));
            }
            long begin = System.nanoTime();
            wire.send("GET", "/v1/book", authorization).require(200);
            look.add(System.nanoTime() - begin);
            device.change(wire, new Refusals());
            code = code(wire, authorization);
            changed.add(ask(wire, Question.TWO_LEVELS, authorization, code));
        }
        for (Timings each : later) {
            row.add(each.p50() + ", " + each.p99());
        }
        row.add(changed.p50() + ", " + changed.p99());
        row.add(look.p50() + ", " + look.p99());
        return row;
    }

    /** Milliseconds of the answer when the tree of the book is not in memory. */
    private String again(Wire wire, Filled book) throws IOException {
        for (Filled other : others) {
            ask(
                    wire,
                    Question.TWO_LEVELS,
                    bench.authorization(other.user()),
                    other.code().value());
        }
        String authorization = bench.authorization(book.user());
        String code = code(wire, authorization);
        return Timings.ms(ask(wire, Question.TWO_LEVELS, authorization, code) / 1e6);
    }

    private static String code(Wire wire, String authorization) throws IOException {
        return wire.send("GET", "/v1/book", authorization).require(200).tag().orElseThrow();
    }

    private void awaitStored(Filled book) throws SQLException {
        long end = Bench.deadline(STORED);
        try (Connection connection = bench.postgres().connect();
                PreparedStatement query =
                        connection.prepareStatement("select count(*) from book_tree where book_id = ?")) {
            query.setLong(1, book.id());
            while (System.nanoTime() < end) {
                try (ResultSet row = query.executeQuery()) {
                    if (row.next() && row.getLong(1) == 1) {
                        return;
                    }
                }
                Pause.of(POLL);
            }
        }
        throw new IllegalStateException("the tree was not stored");
    }

    /** Nanoseconds of one question, whose answer must have this check code. */
    private static long ask(Wire wire, Question question, String authorization, String code) throws IOException {
        long begin = System.nanoTime();
        Wire.Reply reply = wire.send("GET", "/v1/book/" + question.path, authorization + question.headers);
        long nanos = System.nanoTime() - begin;
        if (!reply.require(200).tag().orElse("").equals(code)) {
            throw new IllegalStateException("the tree is of another book: " + reply.tag() + ", not " + code);
        }
        return nanos;
    }

    /** What the service does for the first answer, without the service. */
    private void addUp(Filled book) throws SQLException {
        DigestTree tree = new DigestTree("", 3);
        try (Connection connection = bench.postgres().connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement("select uid, content_hash, position, entry_sum"
                    + " from contact where book_id = ? and generation = 1 and content_hash is not null")) {
                query.setFetchSize(FETCH);
                query.setLong(1, book.id());
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        tree.add(new Position(row.getInt(3)), EntrySum.of(row.getBytes(4)));
                    }
                }
            }
        }
        if (tree.total().count() != book.size()) {
            throw new IllegalStateException("the floor has read another book");
        }
    }
}
