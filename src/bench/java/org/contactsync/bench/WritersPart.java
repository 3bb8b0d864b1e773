package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.bench.Load.Result;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.bench.StoredBooks.Found;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;

/**
 * Several devices of one user change contacts of the same book at once, with {@code rebase}. Each learns what the others did
 * from the answers to its own changes only.
 */
final class WritersPart {
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final Bench bench;
    private final MadeCards cards;
    private final Map<Long, Acknowledged> acknowledged = new ConcurrentHashMap<>();
    private final Refusals refusals = new Refusals();

    WritersPart(Bench bench) {
        this.bench = bench;
        cards = bench.cards(bench.options().userBook());
    }

    /** What the task with a sequence number of the book put. */
    private record Acknowledged(int number, int variant) {}

    private final class Writer implements Load.Worker {
        private final Wire wire = bench.wire();
        private final String headers;
        private final CheckCodes codes;
        private final SplittableRandom random;
        private final int device;
        private final Map<String, String> hashes = new HashMap<>();
        private String code;
        private int made;

        Writer(Filled book, String authorization, int device) {
            this.device = device;
            headers = authorization + "Device-Id: device-" + device + "\r\nContent-Type: application/json\r\n";
            codes = new CheckCodes(book.key());
            code = book.code().value();
            random = new SplittableRandom(bench.options().seed() * 100 + device);
            for (int i = 0; i < book.size(); i++) {
                hashes.put(
                        cards.uid(i).value(),
                        codes.contentHash(cards.card(i, 0)).hex());
            }
        }

        @Override
        public boolean once() throws IOException {
            int number = random.nextInt(hashes.size());
            // Different for every device and every change.
            int variant = ++made * bench.options().writers() + device;
            Uid uid = cards.uid(number);
            byte[] card = cards.card(number, variant).utf8();
            String body = "{\"onMismatch\":\"rebase\",\"changes\":[{\"op\":\"put\",\"uid\":\"" + uid.value()
                    + "\",\"ifContentHash\":\"" + hashes.get(uid.value()) + "\",\"card\":"
                    + new String(card, StandardCharsets.UTF_8) + "}]}";
            Wire.Reply reply = wire.send(
                    "PATCH",
                    "/v1/book/contacts",
                    headers + "If-Match: \"" + code + "\"\r\nIdempotency-Key: \""
                            + new UUID(random.nextLong(), random.nextLong()) + "\"\r\n",
                    body.getBytes(StandardCharsets.UTF_8));
            learn(reply.text());
            if (reply.status() != 200) {
                refusals.add(reply);
                return false;
            }
            code = reply.tag().orElseThrow();
            hashes.put(
                    uid.value(), codes.contentHash(cards.card(number, variant)).hex());
            long seq = Long.parseLong(reply.member("seq"));
            if (acknowledged.put(seq, new Acknowledged(number, variant)) != null) {
                throw new IllegalStateException("two tasks were told the number " + seq);
            }
            return true;
        }

        /** Members {@code uid} and {@code contentHash} of missed changes and of conflicts, in this order. */
        private void learn(String answer) {
            int at = answer.indexOf("\"uid\":\"");
            while (at >= 0) {
                int from = at + 7;
                int to = answer.indexOf('"', from);
                int next = answer.indexOf("\"uid\":\"", to);
                int hash = answer.indexOf("\"contentHash\":\"", to);
                if (hash >= 0 && (next < 0 || hash < next)) {
                    hashes.put(answer.substring(from, to), answer.substring(hash + 15, hash + 15 + 64));
                }
                at = next;
            }
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    void run() {
        Report report = bench.report();
        Options options = bench.options();
        report.heading(options.writers() + " devices of one user at once, book of " + options.userBook());
        bench.server();
        StoredBooks books = bench.books(5);
        Filled book;
        try (Connection connection = bench.postgres().connect()) {
            book = books.fill(connection, Bench.newUser("writers"), cards, 0, options.userBook());
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        String authorization = bench.authorization(book.user());
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < options.writers(); i++) {
            writers.add(new Writer(book, authorization, i));
        }
        report.progress("warming up");
        Duration warmup = options.warmup().plus(SETTLE);
        Duration window = options.seconds().multipliedBy(options.rounds());
        Result result = bench.profiled("writers", () -> Load.run(writers, warmup, window, bench::usage));
        verify(books, book);
        report.progress("connections that the server ended: "
                + writers.stream().mapToInt(each -> each.wire.reconnects()).sum() + "; refused with: " + refusals);
        double refused = result.refused();
        report.table(
                List.of(
                        "acknowledged/s",
                        "refused",
                        "lost",
                        "p50 ms",
                        "p99 ms",
                        "server CPU ms/change",
                        "log syncs/change",
                        "acknowledged"),
                List.of(List.of(
                        String.format(Locale.ROOT, "%.0f", result.perSecond()),
                        String.format(
                                Locale.ROOT,
                                "%.2f %%",
                                100
                                        * refused
                                        / Math.max(1, refused + result.timings().count())),
                        "0",
                        result.timings().p50(),
                        result.timings().p99(),
                        Result.perSync(List.of(result), each -> each.server().total()),
                        Result.perSync(List.of(result), Usage::logSyncs),
                        Integer.toString(result.timings().count()))));
        report.line(
                "Each device changes contacts of the whole book and knows the others' changes from its own answers only."
                        + " Verified: every number of the book was told to one device, and every contact is as its last acknowledged"
                        + " change made it.");
    }

    private void verify(StoredBooks books, Filled book) {
        try (Connection connection = bench.postgres().connect()) {
            Found found = books.read(connection, book.user());
            if (found.seq() != 1 + acknowledged.size()) {
                throw new IllegalStateException(
                        "the book is at " + found.seq() + " after " + acknowledged.size() + " acknowledged changes");
            }
            Map<Integer, Integer> last = new HashMap<>();
            for (long seq = 2; seq <= found.seq(); seq++) {
                Acknowledged change = acknowledged.get(seq);
                if (change == null) {
                    throw new IllegalStateException("nobody was told the number " + seq);
                }
                last.put(change.number(), change.variant());
            }
            for (Map.Entry<Integer, Integer> each : last.entrySet()) {
                byte[] card = cards.card(each.getKey(), each.getValue()).utf8();
                if (!books.card(connection, found, cards.uid(each.getKey()))
                        .equals(new String(card, StandardCharsets.UTF_8))) {
                    throw new IllegalStateException("lost: an acknowledged change is not stored");
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
