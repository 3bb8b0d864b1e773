package org.contactsync.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;

/** One first upload of a new user, everything that the client computes prepared before the clock runs. */
final class Uploading {
    private final Bench bench;
    private final String user;
    private final String authorization;
    private final int size;
    private final List<Chunk> chunks = new ArrayList<>();
    private final CheckCode expected;
    private final String plan;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(String headers, byte[] body) {}

    /** @param chunkNanos of each chunk, in order */
    record Times(long openNanos, List<Long> chunkNanos, long commitNanos, long allNanos, long bytes) {
        double perSecond(int contacts) {
            return contacts / (allNanos / 1e9);
        }
    }

    Uploading(Bench bench, int size, int chunkSize, boolean gzip) {
        this.bench = bench;
        this.size = size;
        user = Bench.newUser("upload");
        authorization = bench.authorization(user);
        try (Wire wire = bench.wire()) {
            Wire.Reply book = wire.send("GET", "/v1/book", authorization).require(200);
            CheckCodes codes = new CheckCodes(CheckKey.ofBase64Url(book.member("checkKey")));
            MadeCards cards = bench.cards(size);
            BookDigest digest = BookDigest.EMPTY;
            for (int from = 0; from < size; from += chunkSize) {
                StringBuilder text = new StringBuilder(chunkSize * 800).append("{\"contacts\":[");
                for (int i = from; i < Math.min(size, from + chunkSize); i++) {
                    CanonicalCard card = cards.card(i, 0);
                    digest = digest.plus(codes.entry(cards.uid(i), codes.contentHash(card)));
                    text.append(i == from ? "" : ",")
                            .append("{\"uid\":\"")
                            .append(cards.uid(i).value());
                    text.append("\",\"card\":")
                            .append(new String(card.utf8(), StandardCharsets.UTF_8))
                            .append('}');
                }
                chunks.add(chunk(text.append("]}").toString().getBytes(StandardCharsets.UTF_8), gzip));
            }
            expected = codes.checkCode(digest);
            plan = "{\"kind\":\"initial\",\"checkBefore\":\"" + book.member("checkCode") + "\",\"chunks\":"
                    + chunks.size() + ",\"contacts\":" + size + ",\"checkAfter\":\"" + expected + "\"}";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Times run() {
        try (Wire wire = bench.wire()) {
            List<Long> chunkNanos = new ArrayList<>();
            long bytes = 0;
            long start = System.nanoTime();
            String task = wire.send(
                            "POST",
                            "/v1/sync-tasks",
                            authorization + "Content-Type: application/json\r\nIdempotency-Key: \"" + UUID.randomUUID()
                                    + "\"\r\n",
                            plan.getBytes(StandardCharsets.UTF_8))
                    .require(201)
                    .member("id");
            long last = System.nanoTime();
            final long opened = last - start;
            for (int i = 0; i < chunks.size(); i++) {
                Chunk chunk = chunks.get(i);
                wire.send(
                                "PUT",
                                "/v1/sync-tasks/" + task + "/chunks/" + (i + 1),
                                authorization + chunk.headers(),
                                chunk.body())
                        .require(200);
                bytes += chunk.body().length;
                long now = System.nanoTime();
                chunkNanos.add(now - last);
                last = now;
            }
            String told = wire.send("POST", "/v1/sync-tasks/" + task + "/commit", authorization)
                    .require(200)
                    .member("checkCode");
            long end = System.nanoTime();
            if (!told.equals(expected.value())) {
                throw new IllegalStateException("the server's code is " + told + ", the client's " + expected);
            }
            return new Times(opened, chunkNanos, end - last, end - start, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String user() {
        return user;
    }

    String authorization() {
        return authorization;
    }

    /** The code of the book when everything is in it. */
    CheckCode expected() {
        return expected;
    }

    /** Compares the stored rows with what was sent. */
    void verify(StoredBooks books) {
        StoredBooks.Found found = books.read(user);
        if (!found.code().equals(expected) || found.count() != size) {
            throw new IllegalStateException("stored " + found.count() + " contacts with the code " + found.code());
        }
    }

    private static Chunk chunk(byte[] plain, boolean gzip) throws IOException {
        byte[] body = gzip ? packed(plain) : plain;
        return new Chunk(
                "Content-Type: application/json\r\nContent-Digest: sha-256=:" + digest(body) + ":\r\n"
                        + (gzip ? "Content-Encoding: gzip\r\n" : ""),
                body);
    }

    private static byte[] packed(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static String digest(byte[] body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
