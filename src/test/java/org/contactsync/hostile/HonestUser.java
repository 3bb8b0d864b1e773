package org.contactsync.hostile;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.hostile.RawConnection.Reply;

/**
 * A user with one device who does what the protocol asks and compares everything that comes back with what it must be: check codes,
 * content hashes, nodes, order and number of contacts. A wrong or refused answer is a {@link Wrong}. One thread at a time.
 */
final class HonestUser implements AutoCloseable {
    private static final int PAGE = 200;
    private static final int POLL_SECONDS = 1;
    private static final long WAIT_TOLERANCE_NANOS = 200_000_000;

    private final int port;
    private final String authorization;
    private final SplittableRandom random;
    private final int chunk;
    private final Timings.Recorder timings;
    private final HonestBook book;
    private RawConnection connection;
    private boolean used;
    private long seq;
    private long replacedAt;

    /** Something that an honest user must not get. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    /**
     * @param size contacts of the book, which is uploaded at once
     * @param chunk contacts of each chunk of an upload
     */
    HonestUser(int port, String token, int size, int chunk, long seed, Timings.Recorder timings) throws IOException {
        this.port = port;
        this.chunk = chunk;
        this.timings = timings;
        authorization = "Authorization: Bearer " + token + "\r\nDevice-Id: phone\r\n";
        random = new SplittableRandom(seed);
        connection = RawConnection.to(port);
        JsonObject empty = json(send("book", "GET", "/v1/book", "", new byte[0], 200));
        book = new HonestBook(CheckKey.ofBase64Url(empty.getString("checkKey")), size);
        upload("initial");
    }

    /** Does one thing, chosen at random: most often a change. */
    void act() throws IOException {
        int choice = random.nextInt(100);
        if (choice < 45) {
            patch();
        } else if (choice < 60) {
            same("head", "HEAD", "/v1/book", "If-None-Match: \"" + book.code() + "\"\r\n", 304);
        } else if (choice < 72) {
            page();
        } else if (choice < 82) {
            feed();
        } else if (choice < 90) {
            nodes();
        } else if (choice < 95) {
            entries();
        } else if (choice < 97 || book.size() > 2_000 && choice < 99) {
            poll();
        } else {
            upload("replace");
        }
    }

    /** Begins again after an answer that was not understood: the server's book is replaced by the device's. */
    void recover() throws IOException {
        connection.close();
        connection = RawConnection.to(port);
        used = false;
        JsonObject tasks = json(send("", "GET", "/v1/sync-tasks", "", new byte[0], 200));
        for (JsonObject task : tasks.getJsonArray("tasks").getValuesAs(JsonObject.class)) {
            send("", "DELETE", "/v1/sync-tasks/" + task.getString("id"), "", new byte[0], 204);
        }
        upload(
                "replace",
                json(send("", "GET", "/v1/book", "", new byte[0], 200)).getString("checkCode"));
    }

    private void patch() throws IOException {
        int number = random.nextInt(book.size());
        String before = book.code();
        book.change(number);
        String after = book.code();
        String prediction = random.nextBoolean() ? ",\"checkAfter\":\"" + after + "\"" : "";
        byte[] body = ("{\"changes\":[{\"op\":\"put\",\"uid\":\"" + HonestBook.uid(number) + "\",\"card\":"
                        + book.card(number) + "}]" + prediction + "}")
                .getBytes(StandardCharsets.UTF_8);
        String headers = "Content-Type: application/json\r\nIf-Match: \"" + before + "\"\r\nIdempotency-Key: \""
                + new UUID(random.nextLong(), random.nextLong()) + "\"\r\n";
        JsonObject done = json(send("patch", "PATCH", "/v1/book/contacts", headers, body, 200));
        require("second check code", after, done.getString("checkCode"));
        seq = done.getJsonNumber("seq").longValue();
    }

    private void page() throws IOException {
        int after = random.nextInt(book.size());
        String path = "/v1/book/contacts?limit=" + PAGE + "&after=" + HonestBook.uid(after);
        JsonObject page = json(same("page", "GET", path, "", 200));
        JsonArray contacts = page.getJsonArray("contacts");
        int expected = after + 1;
        for (JsonObject contact : contacts.getValuesAs(JsonObject.class)) {
            require("uid", HonestBook.uid(expected), contact.getString("uid"));
            require("content hash", book.hash(expected), contact.getString("contentHash"));
            expected++;
        }
        if (!page.containsKey("next")) {
            require("last contact", book.size(), expected);
        } else if (contacts.isEmpty()) {
            throw new Wrong("an empty page with a next one: " + path);
        }
    }

    private void feed() throws IOException {
        long since = Math.max(replacedAt, seq - random.nextInt(30));
        JsonObject feed = json(same("feed", "GET", "/v1/book/changes?since=" + since + "&limit=100", "", 200));
        require("seq", seq, feed.getJsonNumber("seq").longValue());
        for (JsonObject change : feed.getJsonArray("changes").getValuesAs(JsonObject.class)) {
            require(
                    "content hash in the feed",
                    book.hash(HonestBook.number(change.getString("uid"))),
                    change.getString("contentHash"));
        }
    }

    private void nodes() throws IOException {
        Reply reply = same("digests", "GET", "/v1/book/digests?depth=2", "Accept: application/octet-stream\r\n", 200);
        if (!Arrays.equals(reply.body(), book.nodes())) {
            throw new Wrong("other nodes than the book's");
        }
    }

    private void entries() throws IOException {
        String prefix = String.format(java.util.Locale.ROOT, "%02x", random.nextInt(256));
        JsonObject found = json(same("entries", "GET", "/v1/book/digests/entries?prefix=" + prefix, "", 200));
        JsonArray entries = found.getJsonArray("entries");
        for (JsonArray entry : entries.getValuesAs(JsonArray.class)) {
            int number = HonestBook.number(entry.getString(0));
            require("entry", book.hash(number), entry.getString(1));
            if (!book.below(prefix, number)) {
                throw new Wrong("an entry of another node than " + prefix);
            }
        }
        if (!found.containsKey("next")) {
            int expected = 0;
            for (int number = 0; number < book.size(); number++) {
                expected += book.below(prefix, number) ? 1 : 0;
            }
            require("number of entries below " + prefix, expected, entries.size());
        }
    }

    /** Waits for an upload that nobody commits, and cancels it. */
    private void poll() throws IOException {
        String task = open("replace", book.code());
        long start = System.nanoTime();
        Reply reply =
                send("", "GET", "/v1/sync-tasks/" + task, "Prefer: wait=" + POLL_SECONDS + "\r\n", new byte[0], 200);
        long beyond = System.nanoTime() - start - POLL_SECONDS * 1_000_000_000L;
        timings.add("poll, beyond its second", Math.max(0, beyond));
        require("state", "receiving", json(reply).getString("state"));
        if (beyond < -WAIT_TOLERANCE_NANOS) {
            throw new Wrong("the server waited " + -beyond / 1_000_000 + " ms too short");
        }
        send("cancel", "DELETE", "/v1/sync-tasks/" + task, "", new byte[0], 204);
    }

    private void upload(String kind) throws IOException {
        upload(kind, book.code());
    }

    private void upload(String kind, String before) throws IOException {
        String task = open(kind, before);
        book.begin();
        int chunks = chunks();
        for (int number = 1; number <= chunks; number++) {
            byte[] body = book.stage(chunk);
            String headers = "Content-Type: application/json\r\nContent-Digest: sha-256=:" + sha256(body) + ":\r\n";
            JsonObject staged =
                    json(send("chunk", "PUT", "/v1/sync-tasks/" + task + "/chunks/" + number, headers, body, 200));
            require("running check code", book.code(), staged.getString("checkCode"));
        }
        JsonObject done = json(send("commit", "POST", "/v1/sync-tasks/" + task + "/commit", "", new byte[0], 200));
        require("check code of the upload", book.code(), done.getString("checkCode"));
        seq = done.getJsonNumber("seq").longValue();
        replacedAt = seq;
    }

    private int chunks() {
        return (book.size() + chunk - 1) / chunk;
    }

    private String open(String kind, String before) throws IOException {
        byte[] body = ("{\"kind\":\"" + kind + "\",\"checkBefore\":\"" + before + "\",\"chunks\":" + chunks()
                        + ",\"contacts\":" + book.size() + "}")
                .getBytes(StandardCharsets.UTF_8);
        String headers = "Content-Type: application/json\r\nIdempotency-Key: \""
                + new UUID(random.nextLong(), random.nextLong()) + "\"\r\n";
        return json(send("open", "POST", "/v1/sync-tasks", headers, body, 201)).getString("id");
    }

    /** A request whose answer must carry the code of the book. */
    private Reply same(String kind, String method, String path, String headers, int status) throws IOException {
        Reply reply = send(kind, method, path, headers, new byte[0], status);
        require("ETag of " + kind, "\"" + book.code() + "\"", reply.header("etag"));
        return reply;
    }

    private Reply send(String kind, String method, String path, String headers, byte[] body, int status)
            throws IOException {
        long start = System.nanoTime();
        Reply reply;
        try {
            reply = connection.exchange(method, path, authorization + headers, body);
        } catch (IOException e) {
            if (!used) {
                throw e;
            }
            // A kept connection may be closed between two requests; each request here may be repeated.
            connection.close();
            connection = RawConnection.to(port);
            reply = connection.exchange(method, path, authorization + headers, body);
        }
        used = !reply.header("connection").equalsIgnoreCase("close");
        if (!used) {
            connection.close();
            connection = RawConnection.to(port);
        }
        if (!kind.isEmpty()) {
            timings.add(kind, System.nanoTime() - start);
        }
        if (reply.status() != status) {
            throw new Wrong(method + " " + path + ": " + reply.status() + ", not " + status + ": " + reply.text());
        }
        return reply;
    }

    private static JsonObject json(Reply reply) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(reply.body()))) {
            return reader.readObject();
        }
    }

    private static void require(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new Wrong(what + " is " + actual + ", not " + expected);
        }
    }

    static String sha256(byte[] body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }

    /** What is known of the book, for messages. */
    @Override
    public String toString() {
        return Map.of("size", book.size(), "code", book.code(), "seq", seq).toString();
    }
}
