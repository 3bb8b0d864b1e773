package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.bench.StoredBooks.Found;

/**
 * A user's only device: changes one contact at a time, knows the book's code from the last answer, and remembers what was
 * acknowledged. One thread at a time.
 */
final class Device {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int MISMATCH = 412;
    private static final int MOST_REPEATED = 60;

    /** Changes that a device has missed that comes late. */
    static final int MISSED = 10;

    private final Filled book;
    private final MadeCards cards;
    private final String authorization;
    private final SplittableRandom random;
    private final Map<Integer, Integer> acknowledged = new HashMap<>();
    private final Deque<Step> last = new ArrayDeque<>();
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

    /** An acknowledged change: the code of the book before it, and which contact it changed. */
    private record Step(String before, int number) {}

    /** A change of one contact, with the key that makes a repetition harmless. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Change(int number, int variant, String headers, byte[] body) {
        Wire.Reply sendOver(Wire wire) throws IOException {
            return wire.send("PATCH", "/v1/book/contacts", headers, body);
        }
    }

    /**
     * Changes one contact. Anything but 200 leaves the outcome open: the request is repeated, a second later each time, until it
     * is answered.
     *
     * @return whether the first answer was 200
     */
    boolean change(Wire wire, Refusals refusals) throws IOException {
        Change change = next(code);
        Wire.Reply reply = change.sendOver(wire);
        boolean atOnce = reply.status() == OK;
        for (int repeated = 0; reply.status() != OK; repeated++) {
            refusals.add(reply);
            if (repeated == MOST_REPEATED) {
                reply.require(OK);
            }
            pause();
            reply = change.sendOver(wire);
        }
        last.addLast(new Step(code, change.number()));
        if (last.size() > MISSED) {
            last.removeFirst();
        }
        code = reply.tag().orElseThrow();
        acknowledged.put(change.number(), change.variant());
        changes++;
        return atOnce;
    }

    /** Repeats one change until it is answered 200 or {@code ended}; what comes of it is not remembered. */
    void insist(Wire wire, BooleanSupplier ended) throws IOException {
        Change change = next(code);
        while (!ended.getAsBoolean() && change.sendOver(wire).status() != OK) {
            pause();
        }
    }

    /** Waits as long as Retry-After says. */
    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Change next(String code) {
        int number = book.first() + random.nextInt(book.size());
        int next = ++variant;
        String headers = authorization + "Content-Type: application/json\r\nIf-Match: \"" + code
                + "\"\r\nIdempotency-Key: \"" + new UUID(random.nextLong(), random.nextLong()) + "\"\r\n";
        return new Change(number, next, headers, body(number, next));
    }

    /** Asks whether anything is different. */
    void ask(Wire wire) throws IOException {
        wire.send("HEAD", "/v1/book", authorization + "If-None-Match: \"" + code + "\"\r\n")
                .require(NOT_MODIFIED);
    }

    /** That of the book after the last change. */
    String code() {
        return code;
    }

    /**
     * Sends a change with the code that the book had before its last {@value #MISSED} changes. The service must know that code: it is the
     * one after a change.
     *
     * @return the refusal; {@link #requireMissed} looks at it
     */
    Wire.Reply late(Wire wire) throws IOException {
        return next(last.getFirst().before()).sendOver(wire);
    }

    /** The answer to {@link #late} must have the code of the book and all that was missed, with the cards. */
    void requireMissed(Wire.Reply reply) {
        String text = reply.require(MISMATCH).text();
        List<Integer> missed = last.stream().map(Step::number).distinct().toList();
        boolean right = reply.member("serverCheckCode").equals(code)
                && text.contains("\"complete\":true")
                && text.split("\"contentHash\":", -1).length == missed.size() + 1
                && missed.stream().allMatch(number -> text.contains(acknowledgedCard(number)));
        if (!right) {
            throw new IllegalStateException("the refusal has something else than the changes that were missed: book of "
                    + book.user() + ", missed " + missed.size());
        }
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
        for (int number : acknowledged.keySet()) {
            if (!books.card(connection, found, cards.uid(number)).equals(acknowledgedCard(number))) {
                throw new IllegalStateException("an acknowledged change is not stored: book of " + book.user());
            }
        }
    }

    /** The same over HTTP, for a book that cannot be read otherwise. */
    void verify(Wire wire) throws IOException {
        ask(wire);
        String contacts = wire.send("GET", "/v1/book/contacts?limit=1000", authorization)
                .require(OK)
                .text();
        for (int number : acknowledged.keySet()) {
            if (!contacts.contains(acknowledgedCard(number))) {
                throw new IllegalStateException("an acknowledged change is not stored: book of " + book.user());
            }
        }
    }

    /** A contact as its last acknowledged change made it. */
    private String acknowledgedCard(int number) {
        Integer variant = acknowledged.get(number);
        if (variant == null) {
            throw new IllegalStateException("contact " + number + " was not changed");
        }
        return card(number, variant);
    }

    private String card(int number, int variant) {
        return new String(cards.card(number, variant).utf8(), StandardCharsets.UTF_8);
    }

    private byte[] body(int number, int variant) {
        return ("{\"changes\":[{\"op\":\"put\",\"uid\":\"" + cards.uid(number).value() + "\",\"card\":"
                        + card(number, variant) + "}]}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
