package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.bench.PlainJdbc.Row;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.Sha256;

/**
 * A book is restored: after ten changes, and after all its contacts were deleted. Floor: the same rows written by plain JDBC, in batches of
 * the size of a chunk.
 */
final class RestorePart {
    private static final byte[] NOTHING = {};
    private static final int FEW = 10;
    private static final int TIMES = 5;
    private static final int CHUNK = 500;

    private final Bench bench;
    private final StoredBooks books;
    private long floorBook;

    RestorePart(Bench bench) {
        this.bench = bench;
        books = bench.books(11);
    }

    private record Round(double few, double preview, double whole, double floor, double heap) {}

    void run() {
        Report report = bench.report();
        report.heading("Restores of a book");
        bench.server();
        bench.postgres().execute(PlainJdbc.TABLES);
        report.progress("warming up");
        long warm = Bench.deadline(bench.options().warmup());
        while (System.nanoTime() < warm) {
            round(2_000, false);
        }
        List<List<String>> table = new ArrayList<>();
        for (int size : bench.options().books()) {
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < bench.options().rounds(); i++) {
                rounds.add(round(size, false));
                report.progress("restored " + size + " contacts: " + rounds.get(i));
            }
            Round watched = round(size, true);
            table.add(List.of(
                    String.format(Locale.ROOT, "%,d", size),
                    all(rounds.stream().map(Round::few).toList()),
                    all(rounds.stream().map(Round::preview).toList()),
                    all(rounds.stream().map(Round::whole).toList()),
                    all(rounds.stream().map(Round::floor).toList()),
                    String.format(
                            Locale.ROOT,
                            "%.1f",
                            Timings.median(rounds.stream().map(Round::whole).toList())
                                    / Timings.median(
                                            rounds.stream().map(Round::floor).toList())),
                    String.format(Locale.ROOT, "%.1f", watched.heap())));
        }
        report.table(
                List.of(
                        "contacts",
                        "after ten changes, ms: rounds",
                        "dry run of all",
                        "all deleted",
                        "rows by JDBC",
                        "times the floor",
                        "most live heap, MiB more"),
                table);
        report.line(
                "Heap: the most that was in use after a collection, every " + HeapWatch.SAMPLE_MILLIS
                        + " ms during one more restore of the whole book, minus before. Verified: the code of the stored rows after each restore.");
    }

    /** What a person does who undoes something: ten changes, again and again. */
    void undo() {
        Report report = bench.report();
        report.heading("Undoing ten changes");
        bench.server();
        report.progress("warming up");
        long warm = Bench.deadline(bench.options().warmup());
        while (System.nanoTime() < warm) {
            undone(2_000);
        }
        List<List<String>> table = new ArrayList<>();
        for (int size : bench.options().books()) {
            for (int i = 0; i < bench.options().rounds(); i++) {
                Undone undone = undone(size);
                table.add(List.of(
                        String.format(Locale.ROOT, "%,d", size),
                        String.join(" ", undone.previews()),
                        String.join(" ", undone.restores())));
                report.progress("undone in " + size + " contacts: " + undone);
            }
        }
        report.table(List.of("contacts", "dry runs, ms", "restores, ms"), table);
        report.line("One book in each row, and one client; what is not answered 200 has its status beside it.");
    }

    private record Undone(List<String> previews, List<String> restores) {}

    private Undone undone(int size) {
        Uploading upload = new Uploading(bench, size, CHUNK, false);
        upload.run();
        List<String> previews = new ArrayList<>();
        List<String> restores = new ArrayList<>();
        try (Wire wire = bench.wire()) {
            for (int i = 0; i < TIMES; i++) {
                String code = wire.send("GET", "/v1/book", upload.authorization())
                        .require(200)
                        .tag()
                        .orElseThrow();
                put(wire, upload.authorization(), code);
                previews.add(timed(wire, upload, "{\"seq\":1,\"dryRun\":true}"));
                restores.add(timed(wire, upload, "{\"seq\":1}"));
            }
            return new Undone(previews, restores);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String timed(Wire wire, Uploading upload, String body) throws IOException {
        long begin = System.nanoTime();
        int status = wire.send(
                        "POST",
                        "/v1/book/restore",
                        json(upload.authorization()) + "Prefer: wait=50\r\nIdempotency-Key: \"" + UUID.randomUUID()
                                + "\"\r\n",
                        body.getBytes(StandardCharsets.UTF_8))
                .status();
        String took = Timings.ms((System.nanoTime() - begin) / 1e6);
        return status == 200 ? took : took + " (" + status + ")";
    }

    private Round round(int size, boolean watched) {
        Uploading upload = new Uploading(bench, size, CHUNK, false);
        upload.run();
        String authorization = upload.authorization();
        try (Wire wire = bench.wire()) {
            put(wire, authorization, upload.expected().value());
            final double few = restore(wire, upload);
            deleteAll(wire, upload, size);
            long begin = System.nanoTime();
            wire.send(
                            "POST",
                            "/v1/book/restore",
                            json(authorization),
                            "{\"seq\":1,\"dryRun\":true}".getBytes(StandardCharsets.UTF_8))
                    .require(200);
            final double preview = (System.nanoTime() - begin) / 1e6;
            bench.postgres().checkpoint();
            HeapWatch watch = watched ? new HeapWatch(bench.server().pid()) : null;
            final double whole = restore(wire, upload);
            double heap = watch == null ? 0 : watch.most();
            upload.verify(books);
            bench.postgres().checkpoint();
            return new Round(few, preview, whole, watched ? 0 : floor(size), heap);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes the first contacts. */
    private void put(Wire wire, String authorization, String code) throws IOException {
        MadeCards cards = bench.cards(FEW);
        String body = IntStream.range(0, FEW)
                .mapToObj(i -> "{\"op\":\"put\",\"uid\":\"" + cards.uid(i).value() + "\",\"card\":"
                        + new String(cards.card(i, 7).utf8(), StandardCharsets.UTF_8) + "}")
                .collect(Collectors.joining(",", "{\"changes\":[", "]}"));
        wire.send(
                        "PATCH",
                        "/v1/book/contacts",
                        json(authorization) + "If-Match: \"" + code + "\"\r\n",
                        body.getBytes(StandardCharsets.UTF_8))
                .require(200);
    }

    private void deleteAll(Wire wire, Uploading upload, int size) throws IOException {
        int chunks = (size + CHUNK - 1) / CHUNK;
        String plan = "{\"kind\":\"changes\",\"checkBefore\":\"" + upload.expected() + "\",\"chunks\":" + chunks
                + ",\"contacts\":" + size + ",\"confirmDeletes\":true}";
        String task = wire.send(
                        "POST",
                        "/v1/sync-tasks",
                        json(upload.authorization()) + "Idempotency-Key: \"" + UUID.randomUUID() + "\"\r\n",
                        plan.getBytes(StandardCharsets.UTF_8))
                .require(201)
                .member("id");
        MadeCards cards = bench.cards(size);
        for (int chunk = 0; chunk < chunks; chunk++) {
            byte[] body = IntStream.range(chunk * CHUNK, Math.min(size, (chunk + 1) * CHUNK))
                    .mapToObj(
                            i -> "{\"op\":\"delete\",\"uid\":\"" + cards.uid(i).value() + "\"}")
                    .collect(Collectors.joining(",", "{\"changes\":[", "]}"))
                    .getBytes(StandardCharsets.UTF_8);
            String digest = Base64.getEncoder().encodeToString(Sha256.digest(body));
            wire.send(
                            "PUT",
                            "/v1/sync-tasks/" + task + "/chunks/" + (chunk + 1),
                            json(upload.authorization()) + "Content-Digest: sha-256=:" + digest + ":\r\n",
                            body)
                    .require(200);
        }
        long begin = System.nanoTime();
        Wire.Reply reply = insist(wire, "/v1/sync-tasks/" + task + "/commit", upload.authorization(), NOTHING);
        finish(wire, upload.authorization(), reply);
        bench.report()
                .progress("deleted " + size + " contacts in " + Timings.ms((System.nanoTime() - begin) / 1e6)
                        + " ms after the last chunk");
    }

    /** Repeats a request whose outcome is not known in time, as clients do. */
    private static Wire.Reply insist(Wire wire, String path, String headers, byte[] body) throws IOException {
        Wire.Reply reply;
        do {
            reply = wire.send("POST", path, headers + "Prefer: wait=50\r\n", body);
        } while (reply.status() == 503);
        return reply;
    }

    /** Restores what was uploaded; milliseconds until it is there. */
    private double restore(Wire wire, Uploading upload) throws IOException {
        long begin = System.nanoTime();
        Wire.Reply reply = insist(
                wire,
                "/v1/book/restore",
                json(upload.authorization()) + "Idempotency-Key: \"" + UUID.randomUUID() + "\"\r\n",
                "{\"seq\":1}".getBytes(StandardCharsets.UTF_8));
        finish(wire, upload.authorization(), reply);
        double took = (System.nanoTime() - begin) / 1e6;
        String code = wire.send("GET", "/v1/book", upload.authorization())
                .require(200)
                .tag()
                .orElseThrow();
        if (!code.equals(upload.expected().value())) {
            throw new IllegalStateException("the book is " + code + " after the restore, not " + upload.expected());
        }
        return took;
    }

    private static void finish(Wire wire, String authorization, Wire.Reply first) throws IOException {
        if (first.status() == 200) {
            return;
        }
        String task = first.require(202).member("id");
        while (true) {
            String state = wire.send("GET", "/v1/sync-tasks/" + task, authorization + "Prefer: wait=50\r\n")
                    .require(200)
                    .member("state");
            if (state.equals("done")) {
                return;
            }
            if (List.of("failed", "expired", "cancelled").contains(state)) {
                throw new IllegalStateException("the restore is " + state);
            }
        }
    }

    private double floor(int size) throws SQLException {
        MadeCards cards = bench.cards(size);
        CheckCodes codes = new CheckCodes(CheckKey.of(new byte[CheckKey.BYTES]));
        List<Row> rows = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            rows.add(Row.of(codes, cards.uid(i), cards.card(i, 0)));
        }
        try (PlainJdbc jdbc = new PlainJdbc(bench.postgres())) {
            long begin = System.nanoTime();
            jdbc.insert(++floorBook, rows, CHUNK);
            return (System.nanoTime() - begin) / 1e6;
        }
    }

    private static String json(String authorization) {
        return authorization + "Content-Type: application/json\r\n";
    }

    private static String all(List<Double> millis) {
        return millis.stream().map(Timings::ms).collect(Collectors.joining(" "));
    }
}
