package org.contactsync.it;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.contactsync.checkcode.CheckKey;

/** One device of one user, that says to the service whatever a test wants. Thread-safe. */
final class Device {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final LibertyServer server;
    private final String token;
    private final String name;

    private Device(LibertyServer server, String token, String name) {
        this.server = server;
        this.token = token;
        this.name = name;
    }

    /** The phone of a user whom the service has never seen. */
    static Device ofNewUser(LibertyServer server) {
        return ofUser(server, "user-" + UUID.randomUUID());
    }

    static Device ofUser(LibertyServer server, String user) {
        try {
            return new Device(server, server.developmentToken(user), "phone");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another device of the same user. */
    Device another(String otherName) {
        return new Device(server, token, otherName);
    }

    /** The same device at another instance of the service. */
    Device at(LibertyServer another) {
        return new Device(another, token, name);
    }

    /** The same device with a token of another kind. */
    Device withToken(String otherToken) {
        return new Device(server, otherToken, name);
    }

    LibertyServer server() {
        return server;
    }

    String token() {
        return token;
    }

    String name() {
        return name;
    }

    HttpAnswer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    HttpAnswer head(String path, String... headers) {
        return send("HEAD", path, BodyPublishers.noBody(), headers);
    }

    HttpAnswer delete(String path, String... headers) {
        return send("DELETE", path, BodyPublishers.noBody(), headers);
    }

    HttpAnswer post(String path, String json, String... headers) {
        return send("POST", path, BodyPublishers.ofString(json), and(headers, "Content-Type", "application/json"));
    }

    /** {@code PATCH /v1/book/contacts} with the first check code in {@code If-Match}. */
    HttpAnswer patch(String firstCode, String json, String... headers) {
        return patch(firstCode, json.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpAnswer patch(String firstCode, byte[] body, String... headers) {
        return send(
                "PATCH",
                "/v1/book/contacts",
                BodyPublishers.ofByteArray(body),
                and(headers, "Content-Type", "application/json", "If-Match", "\"" + firstCode + "\""));
    }

    /** A PATCH of the book as it is, which must be applied. */
    HttpAnswer apply(Changes changes) {
        return patch(checkCode(), changes.body(), "Prefer", "wait=50").is(200);
    }

    CompletableFuture<HttpAnswer> patchAsync(String firstCode, String json, String... headers) {
        return sendAsync(
                "PATCH",
                "/v1/book/contacts",
                BodyPublishers.ofString(json),
                and(headers, "Content-Type", "application/json", "If-Match", "\"" + firstCode + "\""));
    }

    /** {@code POST /v1/sync-tasks}. */
    HttpAnswer open(String kind, String firstCode, int chunks, int contacts, String... headers) {
        return openWith(
                "{\"kind\":\"%s\",\"checkBefore\":\"%s\",\"chunks\":%d,\"contacts\":%d}"
                        .formatted(kind, firstCode, chunks, contacts),
                headers);
    }

    HttpAnswer openWith(String json, String... headers) {
        return post("/v1/sync-tasks", json, headers);
    }

    /** An upload that must be opened; its id. */
    String opened(String kind, int chunks, int contacts) {
        return open(kind, checkCode(), chunks, contacts).is(201).string("id");
    }

    HttpAnswer chunk(String task, int number, String json) {
        return chunk(task, number, json.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code PUT} of a chunk with the digest of the bytes that are sent. */
    HttpAnswer chunk(String task, int number, byte[] sent, String... headers) {
        return send(
                "PUT",
                "/v1/sync-tasks/" + task + "/chunks/" + number,
                BodyPublishers.ofByteArray(sent),
                and(headers, "Content-Type", "application/json", "Content-Digest", contentDigest(sent)));
    }

    HttpAnswer commit(String task) {
        return send("POST", "/v1/sync-tasks/" + task + "/commit", BodyPublishers.noBody());
    }

    HttpAnswer commit(String task, String json) {
        return post("/v1/sync-tasks/" + task + "/commit", json);
    }

    HttpAnswer task(String id, String... headers) {
        return get("/v1/sync-tasks/" + id, headers);
    }

    /** The task when it has finished; it must within a minute. */
    JsonObject finished(String id) {
        return task(id, "Prefer", "wait=50").is(200).json();
    }

    HttpAnswer cancel(String task) {
        return delete("/v1/sync-tasks/" + task);
    }

    HttpAnswer book() {
        return get("/v1/book").is(200);
    }

    String checkCode() {
        return book().string("checkCode");
    }

    CheckKey checkKey() {
        return CheckKey.ofBase64Url(book().string("checkKey"));
    }

    HttpAnswer contact(String uid, String... headers) {
        return get("/v1/book/contacts/" + encode(uid), headers);
    }

    /** The book as the service has it, read page by page. */
    BookModel read() {
        BookModel book = new BookModel(checkKey());
        for (String path = "/v1/book/contacts?limit=1000"; !path.isEmpty(); ) {
            JsonObject page = get(path).is(200).json();
            page.getJsonArray("contacts")
                    .getValuesAs(JsonObject.class)
                    .forEach(contact -> book.put(
                            contact.getString("uid"),
                            contact.getJsonObject("card").toString()));
            path = page.getString("next", "");
        }
        return book;
    }

    HttpAnswer send(String method, String path, BodyPublisher body, String... headers) {
        return sendAsync(method, path, body, headers).join();
    }

    CompletableFuture<HttpAnswer> sendAsync(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(90))
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!name.isEmpty()) {
            request.header("Device-Id", name);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(Device::answer);
    }

    private URI uri(String path) {
        return server.uri(path);
    }

    private static HttpAnswer answer(HttpResponse<byte[]> response) {
        TreeMap<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(response.headers().map());
        return new HttpAnswer(response.statusCode(), headers, response.body());
    }

    /** Those of the test last, so that they win. */
    private static String[] and(String[] ofTheTest, String... usual) {
        String[] all = new String[usual.length + ofTheTest.length];
        System.arraycopy(usual, 0, all, 0, usual.length);
        System.arraycopy(ofTheTest, 0, all, usual.length, ofTheTest.length);
        return all;
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String contentDigest(byte[] bytes) {
        try {
            return "sha-256=:"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes)) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
