package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.bench.StoredBooks.Found;

/**
 * A user's only device: changes one contact at a time, knows the book's code from the last answer, and remembers what was
 * acknowledged. One thread at a time.
 */
final class Device {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final Filled book;
    private final MadeCards cards;
    private final String authorization;
    private final SplittableRandom random;
    private final Map<Integer, Integer> acknowledged = new HashMap<>();
    private String code;
    private long changes;
    private int variant;

    Device(Filled book, MadeCards cards, String authorization, long seed) {
        this.book = book;
        this.cards = cards;
        this.authorization = authorization;
        this.code = book.code().value();
        this.random = new SplittableRandom(seed);
    }

    /** Changes one contact; false when that was refused. */
    boolean change(Wire wire) throws IOException {
        int number = book.first() + random.nextInt(book.size());
        int next = ++variant;
        Wire.Reply reply = wire.send(
                "PATCH",
                "/v1/book/contacts",
                authorization + "Content-Type: application/json\r\nIf-Match: \"" + code + "\"\r\nIdempotency-Key: \""
                        + new UUID(random.nextLong(), random.nextLong()) + "\"\r\n",
                body(number, next));
        if (reply.status() != OK) {
            // There is no other device: nothing but an overloaded server refuses.
            code = wire.send("GET", "/v1/book", authorization).require(OK).member("checkCode");
            return false;
        }
        code = reply.tag().orElseThrow();
        acknowledged.put(number, next);
        changes++;
        return true;
    }

    /** Asks whether anything is different. */
    void ask(Wire wire) throws IOException {
        wire.send("HEAD", "/v1/book", authorization + "If-None-Match: \"" + code + "\"\r\n")
                .require(NOT_MODIFIED);
    }

    /** Compares what was acknowledged with what is stored. */
    void verify(Connection connection, StoredBooks books) throws SQLException {
        Found found = books.read(connection, book.user());
        boolean same = found.code().value().equals(code)
                && found.count() == book.size()
                // Filled books are at 1; every change counts one.
                && found.seq() == 1 + changes;
        if (!same) {
            throw new IllegalStateException("the book of " + book.user() + " is " + found.code() + " at " + found.seq()
                    + " with " + found.count() + " contacts; its device was told " + code + " after " + changes
                    + " changes");
        }
        for (Map.Entry<Integer, Integer> each : acknowledged.entrySet()) {
            int number = each.getKey();
            String card = new String(cards.card(number, each.getValue()).utf8(), StandardCharsets.UTF_8);
            if (!books.card(connection, found, cards.uid(number)).equals(card)) {
                throw new IllegalStateException("an acknowledged change is not stored: book of " + book.user());
            }
        }
    }

    private byte[] body(int number, int variant) {
        String card = new String(cards.card(number, variant).utf8(), StandardCharsets.UTF_8);
        return ("{\"changes\":[{\"op\":\"put\",\"uid\":\"" + cards.uid(number).value() + "\",\"card\":" + card + "}]}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
