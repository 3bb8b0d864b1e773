package org.contactsync.client;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * A server of one book in memory that keeps the contract of {@code docs/protocol.md} as far as this client uses it, and breaks
 * it when a test asks for that. It knows nothing of tokens, limits and queues.
 */
public final class FakeServer implements AutoCloseable {
    private static final int ENTRIES_PAGE = 2;
    private static final int CHUNK_CONTACTS = 10;
    private static final int ONE_SHOT = 20;

    private final HttpServer http;
    private CheckKey key = CheckKey.of(HexFormat.of().parseHex("0001020304050607".repeat(4)));
    private CheckCodes codes = new CheckCodes(key);
    private final Map<String, Answer> byKey = new HashMap<>();
    private final Map<String, Upload> uploads = new HashMap<>();
    private final Map<String, Long> seqByTag = new HashMap<>();
    private final List<Logged> log = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private TreeMap<Uid, CanonicalCard> book = new TreeMap<>();
    private final Map<String, Queued> queued = new LinkedHashMap<>();
    private int pollsUntilApplied;
    private final List<Optional<String>> priorities = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private long seq;
    private boolean forgetsChanges;
    private BiPredicate<String, Integer> swallows = (request, times) -> false;
    private BiPredicate<String, Integer> loses = (request, times) -> false;
    private Predicate<String> refuses = request -> false;
    private int listingsToCut;
    private Answer refusal = problem(500, "internal-error");
    private @Nullable Runnable beforeNextPatch;

    private record Logged(long seq, Uid uid, boolean put) {}

    private record Answer(int status, String body, Map<String, String> headers) {
        Answer(int status, String body) {
            this(status, body, Map.of());
        }
    }

    private static final class Upload {
        final String kind;
        final JsonObject plan;
        final TreeMap<Uid, CanonicalCard> staged;
        int nextChunk = 1;
        String state = "receiving";

        @Nullable
        String result;

        Upload(JsonObject plan, TreeMap<Uid, CanonicalCard> staged) {
            this.plan = plan;
            this.kind = plan.getString("kind");
            this.staged = staged;
        }
    }

    /** What each PATCH had as its {@code Priority}. */
    public List<Optional<String>> priorities() {
        return priorities;
    }

    static {
        // Without it each answer waits 40 ms for the kernel's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    public FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::serve);
        http.start();
    }

    public Account account() {
        return new Account(
                URI.create("http://127.0.0.1:" + http.getAddress().getPort()), "token-of-ada", Optional.empty());
    }

    /** Method and path of each request since the last call, without the query. */
    synchronized List<String> takeRequests() {
        List<String> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    public synchronized Map<Uid, CanonicalCard> book() {
        return new TreeMap<>(book);
    }

    public synchronized CheckCode checkCode() {
        return codeOf(book);
    }

    /** All idempotency keys that came. */
    synchronized Set<String> keys() {
        return Set.copyOf(keys);
    }

    public CheckKey key() {
        return key;
    }

    /** What another device does. */
    public synchronized void put(Uid uid, CanonicalCard card) {
        apply(uid, Optional.of(card));
    }

    synchronized void delete(Uid uid) {
        apply(uid, Optional.empty());
    }

    /** The feed answers 410 from now on, and refusals do not tell what was missed. */
    synchronized void forgetChanges() {
        forgetsChanges = true;
    }

    /** Requests for which this holds do not arrive: the connection breaks before the server works on them. */
    synchronized void swallow(BiPredicate<String, Integer> which) {
        swallows = which;
    }

    /** Requests for which this holds are worked on, and the connection breaks before the answer. */
    synchronized void loseAnswers(BiPredicate<String, Integer> which) {
        loses = which;
    }

    /** Requests for which this holds are refused, and change nothing. */
    public synchronized void answerWith(int status, String code, Predicate<String> which) {
        refusal = problem(status, code);
        refuses = which;
    }

    /** The next {@code times} requests for which this holds are answered with this status, with this {@code Retry-After}. */
    synchronized void failFor(int times, int status, String code, String retryAfter, Predicate<String> which) {
        int[] left = {times};
        refusal = new Answer(status, problemJson(status, code).end().text(), Map.of("Retry-After", retryAfter));
        refuses = request -> which.test(request) && left[0]-- > 0;
    }

    /** What a backup has. */
    record Backup(TreeMap<Uid, CanonicalCard> book, long seq) {}

    synchronized Backup backup() {
        return new Backup(new TreeMap<>(book), seq);
    }

    /** Everything since then is lost. */
    synchronized void restore(Backup backup) {
        book = new TreeMap<>(backup.book());
        seq = backup.seq();
        log.removeIf(entry -> entry.seq() > seq);
        byKey.clear();
        uploads.clear();
    }

    /** The book's hashes have another key from now on. */
    synchronized void changeKey() {
        key = CheckKey.of(HexFormat.of().parseHex("0706050403020100".repeat(4)));
        codes = new CheckCodes(key);
    }

    /** A PATCH is answered 202, and applied when somebody has asked so often for its task. */
    synchronized void applyAfterPolls(int polls) {
        pollsUntilApplied = polls;
    }

    /** The next listings of contacts lack the last contact, and say the check code of the whole book. */
    public synchronized void cutListings(int times) {
        listingsToCut = times;
    }

    /** Something that happens between the client's look at the book and its PATCH, once. */
    synchronized void beforeNextPatch(Runnable action) {
        beforeNextPatch = action;
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        String request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        requests.add(request);
        int times = (int) requests.stream().filter(request::equals).count();
        if (swallows.test(request, times)) {
            exchange.close();
            return;
        }
        byte[] body = body(exchange);
        Answer answer = answer(exchange, request, body);
        if (loses.test(request, times)) {
            exchange.close();
            return;
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders()
                .set("Content-Type", answer.status() < 400 ? "application/json" : "application/problem+json");
        boolean empty = exchange.getRequestMethod().equals("HEAD") || answer.status() == 304 || answer.status() == 204;
        exchange.sendResponseHeaders(answer.status(), empty || bytes.length == 0 ? -1 : bytes.length);
        if (!empty) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private Answer answer(HttpExchange exchange, String request, byte[] body) {
        String idempotencyKey = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (idempotencyKey != null) {
            keys.add(idempotencyKey);
        }
        if (idempotencyKey != null && queued.containsKey(idempotencyKey)) {
            return queued.get(idempotencyKey).again();
        }
        if (idempotencyKey != null && byKey.containsKey(idempotencyKey)) {
            return byKey.get(idempotencyKey);
        }
        Answer answer = fresh(exchange, request, body);
        if (idempotencyKey != null && answer.status() < 500) {
            byKey.put(idempotencyKey, answer);
        }
        return answer;
    }

    private Answer fresh(HttpExchange exchange, String request, byte[] body) {
        if (refuses.test(request)) {
            return refusal;
        }
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        if (request.startsWith("PUT /v1/sync-tasks/")) {
            return chunk(exchange, path.split("/"), body);
        }
        if (request.matches("POST /v1/sync-tasks/[^/]+/commit")) {
            return commit(upload(path));
        }
        if (request.startsWith("GET /v1/sync-tasks/queued-")) {
            return queued.values().stream()
                    .filter(task -> path.endsWith("/" + task.id))
                    .findFirst()
                    .orElseThrow()
                    .poll();
        }
        if (request.startsWith("GET /v1/sync-tasks/")) {
            Upload upload = upload(path);
            return upload == null ? problem(404, "not-found") : new Answer(200, task(path.split("/")[3], upload));
        }
        if (request.startsWith("DELETE /v1/sync-tasks/")) {
            Upload upload = upload(path);
            if (upload != null) {
                upload.state = "cancelled";
            }
            return new Answer(upload == null ? 404 : 204, "");
        }
        return switch (request) {
            case "GET /v1/capabilities" -> new Answer(200, """
                    {"maxChunkContacts":%d,"maxChunkBytes":4194304,"oneShotContacts":%d,"oneShotBytes":1048576,
                     "maxChunks":1000,"waitSecondsMax":55}""".formatted(CHUNK_CONTACTS, ONE_SHOT));
            case "HEAD /v1/book", "GET /v1/book" -> head(exchange);
            case "PATCH /v1/book/contacts" -> patchNowOrLater(exchange.getRequestHeaders(), json(body));
            case "POST /v1/sync-tasks" -> open(json(body));
            case "GET /v1/book/changes" -> changes(Long.parseLong(query.getOrDefault("since", "0")));
            case "GET /v1/book/digests" -> digests();
            case "GET /v1/book/digests/entries" -> entries(query);
            case "GET /v1/book/contacts" -> contents();
            default -> contact(path);
        };
    }

    private Answer head(HttpExchange exchange) {
        String tag = "\"" + codeOf(book) + "\"";
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            return new Answer(304, "", Map.of("ETag", tag));
        }
        String json = new JsonWriter()
                .object()
                .member("count", book.size())
                .member("seq", seq)
                .member("checkCode", codeOf(book).value())
                .member("checkKey", key.base64Url())
                .name("queue")
                .object()
                .member("running", 0)
                .member("waiting", 0)
                .end()
                .end()
                .text();
        return new Answer(200, json, Map.of("ETag", tag));
    }

    private Answer patchNowOrLater(Headers headers, JsonObject body) {
        String first = headers.getFirst("If-Match");
        priorities.add(Optional.ofNullable(headers.getFirst("Priority")));
        if (pollsUntilApplied == 0) {
            return patch(first, body);
        }
        Queued task = new Queued("queued-" + (queued.size() + 1), () -> patch(first, body));
        queued.put(headers.getFirst("Idempotency-Key"), task);
        return new Answer(202, task.json());
    }

    /** A PATCH that waits for its turn. */
    private final class Queued {
        final String id;
        private final Supplier<Answer> work;
        private int polls;
        private @Nullable Answer outcome;

        Queued(String id, Supplier<Answer> work) {
            this.id = id;
            this.work = work;
        }

        Answer poll() {
            if (outcome == null && ++polls >= pollsUntilApplied) {
                outcome = work.get();
            }
            return new Answer(200, json());
        }

        Answer again() {
            return outcome != null
                    ? outcome
                    : new Answer(
                            409,
                            problemJson(409, "idempotency-key-in-progress")
                                    .member("task", "/v1/sync-tasks/" + id)
                                    .end()
                                    .text());
        }

        String json() {
            boolean done = outcome != null && outcome.status() == 200;
            String end = outcome == null ? "" : ",\"" + (done ? "result" : "problem") + "\":" + outcome.body();
            String state = outcome == null ? "waiting" : done ? "done" : "failed";
            return """
                    {"id":"%s","kind":"incremental","state":"%s","position":1%s}""".formatted(id, state, end);
        }
    }

    private Answer patch(String first, JsonObject body) {
        if (beforeNextPatch != null) {
            Runnable action = beforeNextPatch;
            beforeNextPatch = null;
            action.run();
        }
        boolean current = ("\"" + codeOf(book) + "\"").equals(first);
        boolean rebase = body.getString("onMismatch", "refuse").equals("rebase");
        if (!current && !rebase) {
            return mismatch(first);
        }
        long before = seqOf(first);
        List<JsonObject> changes = body.getJsonArray("changes").getValuesAs(JsonObject.class);
        for (JsonObject change : changes) {
            CanonicalCard now = book.get(new Uid(change.getString("uid")));
            String hash = now == null ? "null" : Json.createValue(hex(now)).toString();
            if (!change.getOrDefault("ifContentHash", JsonValue.FALSE)
                    .toString()
                    .equals(hash)) {
                return problem(409, "contact-conflict");
            }
        }
        TreeMap<Uid, CanonicalCard> after = new TreeMap<>(book);
        changes.forEach(change -> apply(after, change));
        if (current && !body.getString("checkAfter").equals(codeOf(after).value())) {
            return problem(409, "result-code-mismatch");
        }
        String missed = missed(before);
        changes.forEach(change -> apply(new Uid(change.getString("uid")), card(change)));
        return done(!current, missed);
    }

    private Answer mismatch(String first) {
        JsonWriter json = problemJson(412, "check-code-mismatch")
                .member("serverCheckCode", codeOf(book).value())
                .member("serverSeq", seq);
        if (!forgetsChanges) {
            json.name("missed").raw(missed(seqOf(first)));
        }
        return new Answer(412, json.end().text());
    }

    private Answer open(JsonObject plan) {
        if (!plan.getString("checkBefore").equals(codeOf(book).value())) {
            return problem(412, "check-code-mismatch");
        }
        boolean changes = plan.getString("kind").equals("changes");
        String id = "task-" + (uploads.size() + 1);
        uploads.put(id, new Upload(plan, changes ? new TreeMap<>(book) : new TreeMap<>()));
        return new Answer(201, task(id, uploads.get(id)));
    }

    private Answer chunk(HttpExchange exchange, String[] path, byte[] body) {
        Upload upload = uploads.get(path[3]);
        int number = Integer.parseInt(path[5]);
        if (upload == null || !upload.state.equals("receiving")) {
            return problem(409, "task-finished");
        }
        if (number == upload.nextChunk) {
            JsonObject json = json(body);
            String items = upload.kind.equals("changes") ? "changes" : "contacts";
            json.getJsonArray(items).getValuesAs(JsonObject.class).forEach(item -> apply(upload.staged, item));
            upload.nextChunk++;
        } else if (number > upload.nextChunk) {
            return new Answer(
                    409,
                    problemJson(409, "chunk-out-of-order")
                            .member("expected", upload.nextChunk)
                            .end()
                            .text());
        }
        return new Answer(200, """
                {"chunk":%d,"nextChunk":%d,"received":0,"checkCode":"%s"}""".formatted(number, upload.nextChunk, codeOf(upload.staged)));
    }

    private Answer commit(@Nullable Upload upload) {
        if (upload == null || upload.state.equals("cancelled")) {
            return problem(409, "task-finished");
        }
        if (upload.result != null) {
            return new Answer(200, upload.result);
        }
        if (!upload.plan.getString("checkAfter").equals(codeOf(upload.staged).value())) {
            return problem(409, "result-code-mismatch");
        }
        for (Uid uid : List.copyOf(book.keySet())) {
            if (!upload.staged.containsKey(uid)) {
                apply(uid, Optional.empty());
            }
        }
        upload.staged.forEach((uid, card) -> apply(uid, Optional.of(card)));
        upload.state = "done";
        Answer done = done(false, "{}");
        upload.result = done.body();
        return done;
    }

    private Answer changes(long since) {
        if (forgetsChanges) {
            return problem(410, "changes-expired");
        }
        return new Answer(
                200,
                "{\"changes\":" + changesJson(since) + ",\"hasMore\":false,\"checkCode\":\"" + codeOf(book)
                        + "\",\"seq\":" + seq + "}");
    }

    private Answer digests() {
        DigestTree tree = new DigestTree();
        book.forEach((uid, card) -> tree.add(codes.position(uid), codes.entry(uid, codes.contentHash(card))));
        JsonWriter json = new JsonWriter()
                .object()
                .member("checkCode", codeOf(book).value())
                .name("nodes")
                .object();
        tree.nodes("", 2)
                .forEach((prefix, digest) -> json.name(prefix)
                        .object()
                        .member("count", digest.count())
                        .member("node", HexFormat.of().formatHex(codes.node(prefix, digest)))
                        .end());
        return new Answer(200, json.end().end().text());
    }

    /** By pages of a few entries, whatever larger limit was asked for. */
    private Answer entries(Map<String, String> query) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("checkCode", codeOf(book).value())
                .name("entries")
                .array();
        String prefixes = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("after", "");
        Optional<Uid> last = Optional.empty();
        boolean more = false;
        int listed = 0;
        for (Map.Entry<Uid, CanonicalCard> each : new TreeMap<>(book).entrySet()) {
            Uid uid = each.getKey();
            String position = codes.position(uid).hex();
            boolean asked = Arrays.stream(prefixes.split(",")).anyMatch(position::startsWith);
            if (asked && (after.isEmpty() || uid.compareTo(new Uid(after)) > 0)) {
                more = query.containsKey("limit") && listed == ENTRIES_PAGE;
                if (more) {
                    break;
                }
                json.array().value(uid.value()).value(hex(each.getValue())).endArray();
                last = Optional.of(uid);
                listed++;
            }
        }
        json.endArray();
        if (more) {
            json.member(
                    "next",
                    "/v1/book/digests/entries?prefix=" + prefixes + "&limit=" + ENTRIES_PAGE + "&after="
                            + last.orElseThrow());
        }
        return new Answer(200, json.end().text());
    }

    private Answer contents() {
        JsonWriter json = new JsonWriter()
                .object()
                .member("checkCode", codeOf(book).value())
                .name("contacts")
                .array();
        TreeMap<Uid, CanonicalCard> listed = new TreeMap<>(book);
        if (listingsToCut-- > 0) {
            listed.pollLastEntry();
        }
        listed.forEach((uid, card) -> json.object()
                .member("uid", uid.value())
                .name("card")
                .card(card)
                .member("contentHash", hex(card))
                .end());
        return new Answer(200, json.endArray().end().text());
    }

    private Answer contact(String path) {
        String prefix = "/v1/book/contacts/";
        CanonicalCard card = path.startsWith(prefix) ? book.get(new Uid(path.substring(prefix.length()))) : null;
        return card == null
                ? problem(404, "not-found")
                : new Answer(
                        200,
                        new JsonWriter()
                                .object()
                                .name("card")
                                .card(card)
                                .member("contentHash", hex(card))
                                .end()
                                .text());
    }

    private Answer done(boolean rebased, String missed) {
        String json = """
                {"task":"00000000-0000-4000-8000-000000000001","state":"done","checkCode":"%s","seq":%d,"count":%d,"applied":{"put":0,"deleted":0},\
                "rebased":%b%s}""".formatted(codeOf(book), seq, book.size(), rebased, rebased ? ",\"missed\":" + missed : "");
        return new Answer(200, json, Map.of("ETag", "\"" + codeOf(book) + "\""));
    }

    private String task(String id, Upload upload) {
        return """
                {"id":"%s","kind":"%s","state":"%s","position":0,"nextChunk":%d%s}""".formatted(
                        id,
                        upload.kind,
                        upload.state,
                        upload.nextChunk,
                        upload.result == null ? "" : ",\"result\":" + upload.result);
    }

    private String missed(long since) {
        return "{\"changes\":" + changesJson(since) + ",\"complete\":true}";
    }

    private String changesJson(long since) {
        Map<Uid, Logged> latest = new TreeMap<>();
        log.stream().filter(entry -> entry.seq() > since).forEach(entry -> latest.put(entry.uid(), entry));
        JsonWriter json = new JsonWriter().array();
        latest.values().forEach(entry -> {
            json.object()
                    .member("seq", entry.seq())
                    .member("op", entry.put() ? "put" : "delete")
                    .member("uid", entry.uid().value());
            CanonicalCard now = book.get(entry.uid());
            if (now != null) {
                json.member("contentHash", hex(now)).name("card").card(now);
            }
            json.end();
        });
        return json.endArray().text();
    }

    private long seqOf(String tag) {
        return seqByTag.getOrDefault(tag, 0L);
    }

    private void apply(Uid uid, Optional<CanonicalCard> card) {
        seqByTag.put("\"" + codeOf(book) + "\"", seq);
        CanonicalCard before = card.isPresent() ? book.put(uid, card.get()) : book.remove(uid);
        if (!Optional.ofNullable(before).equals(card)) {
            log.add(new Logged(++seq, uid, card.isPresent()));
        }
        seqByTag.put("\"" + codeOf(book) + "\"", seq);
    }

    private static void apply(TreeMap<Uid, CanonicalCard> book, JsonObject change) {
        Uid uid = new Uid(change.getString("uid"));
        card(change).ifPresentOrElse(card -> book.put(uid, card), () -> book.remove(uid));
    }

    private static Optional<CanonicalCard> card(JsonObject change) {
        return Optional.ofNullable(change.getJsonObject("card")).map(CardJson::card);
    }

    private @Nullable Upload upload(String path) {
        return uploads.get(path.split("/")[3]);
    }

    private CheckCode codeOf(Map<Uid, CanonicalCard> contacts) {
        BookDigest digest = BookDigest.EMPTY;
        for (Map.Entry<Uid, CanonicalCard> contact : contacts.entrySet()) {
            digest = digest.plus(codes.entry(contact.getKey(), codes.contentHash(contact.getValue())));
        }
        return codes.checkCode(digest);
    }

    private String hex(CanonicalCard card) {
        ContentHash hash = codes.contentHash(card);
        return hash.hex();
    }

    private static Answer problem(int status, String code) {
        return new Answer(status, problemJson(status, code).end().text());
    }

    private static JsonWriter problemJson(int status, String code) {
        return new JsonWriter()
                .object()
                .member("type", "urn:contact-sync:problem:" + code)
                .member("title", code)
                .member("status", status);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            Arrays.stream(raw.split("&")).map(pair -> pair.split("=", 2)).forEach(pair -> query.put(pair[0], pair[1]));
        }
        return query;
    }

    private static JsonObject json(byte[] body) {
        return Json.createReader(new ByteArrayInputStream(body)).readObject();
    }

    private static byte[] body(HttpExchange exchange) {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] sent = in.readAllBytes();
            String digest = exchange.getRequestHeaders().getFirst("Content-Digest");
            if (digest != null && !digest.equals(Hashes.contentDigest(sent))) {
                throw new IOException("Content-Digest does not fit the body");
            }
            boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            return gzip ? new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes() : sent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
