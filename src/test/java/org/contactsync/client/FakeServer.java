package org.contactsync.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.client.http.Account;
import org.contactsync.client.remote.Hashes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.InMemoryStore;
import org.contactsync.sync.reading.BookReadings;
import org.jspecify.annotations.Nullable;

/**
 * The real core ({@link CoreDoor}) behind a small HTTP server, with {@link Faults} between when a test asks for them. It knows one
 * user and no tokens.
 */
public final class FakeServer implements AutoCloseable {
    private static final String BYTES = "application/octet-stream";

    /** As in the real server. */
    private static final int LEAST_PACKED = 1_024;

    private final HttpServer http;
    private CoreDoor core = new CoreDoor();
    private final Faults faults = new Faults();
    private final List<String> requests = new ArrayList<>();
    private final List<String> queries = new ArrayList<>();
    private final List<Optional<String>> priorities = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private boolean forgetsChanges;

    /** Ids of tasks and what they are called in {@link #takeRequests}: {@code task-1} an upload, {@code queued-1} another one. */
    private final Map<TaskId, String> names = new LinkedHashMap<>();

    static {
        // Without it each answer waits 40 ms for the kernel's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    public FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::serve);
        http.start();
    }

    /** Another user, of whom nothing is known. */
    public synchronized void renew() {
        core = new CoreDoor();
        core.answer(CorePages.Manners::largePages);
        requests.clear();
        queries.clear();
        names.clear();
        keys.clear();
        priorities.clear();
    }

    /** Lets time pass for the service. */
    public synchronized void pass(Duration time) {
        core.pass(time);
    }

    /** What tells of deletions is as old now as it has to be kept. */
    public synchronized void expireFeed() {
        core.expireFeed();
    }

    public Account account() {
        return new Account(
                URI.create("http://127.0.0.1:" + http.getAddress().getPort()), "token-of-ada", Optional.empty());
    }

    /** Method and path of each request since the last call, without the query. */
    public synchronized List<String> takeRequests() {
        List<String> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    /** What each PATCH had as its {@code Priority}. */
    public synchronized List<Optional<String>> priorities() {
        return List.copyOf(priorities);
    }

    public synchronized Map<Uid, CanonicalCard> book() {
        return new TreeMap<>(core.book());
    }

    /** What a contact was, the latest first. */
    public synchronized List<PastVersion> versions(Uid uid) {
        return core.versions(uid);
    }

    public synchronized CheckCode checkCode() {
        return BookReadings.checkCode(core.state());
    }

    /** All idempotency keys that came. */
    public synchronized Set<String> keys() {
        return Set.copyOf(keys);
    }

    public synchronized CheckKey key() {
        return core.state().key();
    }

    /** What another device does. */
    public synchronized void put(Uid uid, CanonicalCard card) {
        change(new Change.Put(uid, card, Optional.empty()));
    }

    /** What another device does at once. */
    public synchronized void putAll(Map<Uid, CanonicalCard> contacts) {
        core.change(contacts.entrySet().stream()
                .map(each -> new Change.Put(each.getKey(), each.getValue(), Optional.empty()))
                .toArray(Change[]::new));
    }

    public synchronized void delete(Uid uid) {
        change(new Change.Delete(uid, Optional.empty()));
    }

    private void change(Change change) {
        core.change(change);
        if (forgetsChanges) {
            core.shortenFeed();
        }
    }

    /** From now on the feed answers 410 to whoever missed a change of another device, and refusals do not tell it. */
    public synchronized void forgetChanges() {
        forgetsChanges = true;
        core.shortenFeed();
    }

    /** Requests for which this holds do not arrive: the connection breaks before the server works on them. */
    public synchronized void swallow(BiPredicate<String, Integer> which) {
        faults.swallow(which);
    }

    /** Requests for which this holds are worked on, and the connection breaks before the answer. */
    public synchronized void loseAnswers(BiPredicate<String, Integer> which) {
        faults.loseAnswers(which);
    }

    /** Requests for which this holds are refused, and change nothing. */
    public synchronized void answerWith(int status, String code, Predicate<String> which) {
        faults.refuse(status, code, Optional.empty(), which);
    }

    /** The next {@code times} requests for which this holds are answered with this status, with this {@code Retry-After}. */
    public synchronized void failFor(int times, int status, String code, String retryAfter, Predicate<String> which) {
        int[] left = {times};
        faults.refuse(
                status,
                code,
                Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter))),
                request -> which.test(request) && left[0]-- > 0);
    }

    /** What a backup has. */
    public record Backup(Map<Uid, CanonicalCard> book, InMemoryStore.Backup rows) {}

    public synchronized Backup backup() {
        return new Backup(book(), core.backup());
    }

    /** Everything since then is lost. */
    public synchronized void restore(Backup backup) {
        core.restore(backup.rows());
    }

    /** The book's hashes have another key from now on. */
    public synchronized void changeKey() {
        core.startAnew();
    }

    /** A PATCH or an import is answered 202, and applied when somebody has asked so often for its task. */
    public synchronized void applyAfterPolls(int polls) {
        core.applyAfterPolls(polls);
    }

    /** The next listings of contacts lack the last contact, and say the check code of the whole book. */
    public synchronized void cutListings(int times) {
        faults.cutListings(times);
    }

    /** From now on it knows nothing of what is new in this version about repairs. */
    synchronized void actAsEarlierVersion() {
        core.answer(CorePages.Manners::earlierVersion);
    }

    /** Entries come in pages as large as they are asked for. */
    public synchronized void giveLargePages() {
        core.answer(CorePages.Manners::largePages);
    }

    /** Shortened hashes of these contacts are those of these cards, whatever the book has. */
    synchronized void shortenHashesAsOf(Map<Uid, CanonicalCard> cards) {
        core.answer(manners -> manners.seeming(cards));
    }

    /** The queries of all requests since the last call. */
    synchronized List<String> takeQueries() {
        List<String> taken = List.copyOf(queries);
        queries.clear();
        return taken;
    }

    /** Something that happens between the client's look at the book and its PATCH, once. */
    public synchronized void beforeNextPatch(Runnable action) {
        beforeNext("PATCH ", action);
    }

    /** The same before the next request whose method and path begin like this. */
    public synchronized void beforeNext(String request, Runnable action) {
        faults.beforeNext(request, action);
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        CoreRequest request = read(exchange);
        String named = named(request.method() + " " + request.path());
        requests.add(named);
        queries.add(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
        int times = (int) requests.stream().filter(named::equals).count();
        if (faults.swallows(named, times)) {
            exchange.close();
            return;
        }
        request.given("Idempotency-Key").ifPresent(keys::add);
        if (request.method().equals("PATCH")) {
            priorities.add(request.given("Priority"));
        }
        Answer answer = faults.answer(named, () -> core.answer(request));
        answer.task().ifPresent(task -> name(task, answer.status() == 201 ? "task-" : "queued-"));
        if (faults.loses(named, times)) {
            exchange.close();
            return;
        }
        write(exchange, request, answer);
    }

    private void name(TaskId task, String kind) {
        long before =
                names.values().stream().filter(name -> name.startsWith(kind)).count();
        names.putIfAbsent(task, kind + (before + 1));
    }

    private String named(String request) {
        String named = request;
        for (Map.Entry<TaskId, String> each : names.entrySet()) {
            named = named.replace(each.getKey().toString(), each.getValue());
        }
        return named;
    }

    private static void write(HttpExchange exchange, CoreRequest request, Answer answer) throws IOException {
        boolean binary = !answer.isProblem()
                && request.given("Accept")
                        .filter(accept -> accept.startsWith(BYTES))
                        .isPresent();
        byte[] bytes = answer.body().getBytes(binary ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        if (bytes.length >= LEAST_PACKED && request.given("Accept-Encoding").isPresent()) {
            bytes = packed(bytes);
            set(exchange, "Content-Encoding", "gzip");
        }
        answer.checkCode().ifPresent(code -> set(exchange, "ETag", "\"" + code + "\""));
        answer.task().ifPresent(task -> set(exchange, "Location", "/v1/sync-tasks/" + task));
        answer.retryAfter().ifPresent(after -> set(exchange, "Retry-After", String.valueOf(after.toSeconds())));
        set(
                exchange,
                "Content-Type",
                answer.isProblem() ? "application/problem+json" : binary ? BYTES : "application/json");
        boolean empty = exchange.getRequestMethod().equals("HEAD") || bytes.length == 0;
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : bytes.length);
        if (!empty) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static byte[] packed(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private static void set(HttpExchange exchange, String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    private static CoreRequest read(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        return new CoreRequest(
                exchange.getRequestMethod(),
                uri.getPath(),
                query(uri.getRawQuery()),
                exchange.getRequestHeaders()::getFirst,
                body(exchange));
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            Arrays.stream(raw.split("&"))
                    .map(pair -> pair.split("=", 2))
                    .forEach(pair -> query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        }
        return query;
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] sent = in.readAllBytes();
            String digest = exchange.getRequestHeaders().getFirst("Content-Digest");
            if (digest != null && !digest.equals(Hashes.contentDigest(sent))) {
                throw new IOException("Content-Digest does not fit the body");
            }
            boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            return gzip ? new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes() : sent;
        }
    }
}
