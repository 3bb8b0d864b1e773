package org.contactsync.client;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.Exchange.Response;
import org.contactsync.client.Reply.Ok;
import org.contactsync.client.Reply.Refused;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.ChunkAck;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.TaskState;

/**
 * The service's HTTP interface as methods, one request each unless they say otherwise. Refusals that a client acts on are
 * values; others are {@link ServerRefusal}. For one thread at a time.
 */
public final class BookClient {
    private static final String BASE = "/v1";

    /** Below this a body is sent as it is: compressing costs more than it saves. */
    private static final int GZIP_FROM_BYTES = 1024;

    /** Long polls for one task before the client gives up watching: with 55 s each some 20 minutes, an upload's lease. */
    private static final int MOST_POLLS = 24;

    private static final int PAGE = 1000;

    private final Exchange exchange;
    private final Progress progress;
    private Optional<Capabilities> capabilities = Optional.empty();

    public BookClient(Account account, RetryPolicy policy, Pause pause, Progress progress) {
        this.exchange = new Exchange(account, policy, pause, progress);
        this.progress = progress;
    }

    /** Requests sent so far, repetitions included. */
    public int requests() {
        return exchange.requests();
    }

    /** The server's limits, asked once. */
    public Capabilities capabilities() throws ServerUnreachable, ServerRefusal {
        if (capabilities.isEmpty()) {
            capabilities = Optional.of(get("/capabilities", Capabilities::of));
        }
        return capabilities.get();
    }

    public BookHead book() throws ServerUnreachable, ServerRefusal {
        return get("/book", BookHead::of);
    }

    /** The book's check code when it is another than {@code known}: one HEAD request. */
    public Optional<CheckCode> codeOtherThan(CheckCode known) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to(BASE + "/book")
                .header("If-None-Match", quoted(known))
                .method("HEAD", BodyPublishers.noBody())
                .build());
        if (response.status() == 304) {
            return Optional.empty();
        }
        String tag = response.headers().firstValue("ETag").orElse("");
        if (!response.isSuccess() || tag.length() < 2) {
            // HEAD answers no body, and so no problem: GET says what is wrong.
            return Optional.of(book().checkCode());
        }
        return Optional.of(new CheckCode(tag.substring(1, tag.length() - 1)));
    }

    /** Incremental sync in one request; waits for its outcome. */
    Reply<Applied> patch(UUID key, CheckCode before, byte[] body) throws ServerUnreachable, ServerRefusal {
        return settled(exchange.send(json(BASE + "/book/contacts", "PATCH", body)
                .header("If-Match", quoted(before))
                .header("Idempotency-Key", "\"" + key + "\"")
                .build()));
    }

    Reply<UploadTask> open(UUID key, byte[] body) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(json(BASE + "/sync-tasks", "POST", body)
                .header("Idempotency-Key", "\"" + key + "\"")
                .build());
        return reply(response, UploadTask::of);
    }

    /** Sends one chunk; waits while another task holds the queue. */
    Reply<ChunkAck> chunk(String task, int number, byte[] body) throws ServerUnreachable, ServerRefusal {
        byte[] sent = Wire.gzip(body);
        HttpRequest request = exchange.to(task(task) + "/chunks/" + number)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .header("Content-Digest", Hashes.contentDigest(sent))
                .PUT(BodyPublishers.ofByteArray(sent))
                .build();
        for (int attempt = 1; ; attempt++) {
            Response response = exchange.send(request);
            boolean waiting = response.status() == 409 && response.problem().is(ProblemType.TASK_WAITING);
            if (!waiting || attempt == 100 * MOST_POLLS) {
                return reply(response, BookClient::ack);
            }
            progress.waiting(response.problem().members().getInt("position", 0));
            exchange.waitAsAsked(response);
        }
    }

    Reply<Applied> commit(String task, boolean confirmDeletes) throws ServerUnreachable, ServerRefusal {
        byte[] body = Wire.commit(confirmDeletes);
        return settled(exchange.send(json(task(task) + "/commit", "POST", body).build()));
    }

    /** Empty when the server does not know the task. */
    Optional<UploadTask> uploadTask(String id) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to(task(id)).GET().build());
        if (response.status() == 404) {
            return Optional.empty();
        }
        return Optional.of(expect(response, UploadTask::of));
    }

    /** Takes a task back; it does not matter when it is finished or forgotten already. */
    void cancel(String id) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to(task(id)).DELETE().build());
        if (!response.isSuccess() && !Set.of(404, 409, 410).contains(response.status())) {
            throw new ServerRefusal(response.problem());
        }
    }

    /** The user's unfinished tasks, in order. */
    public List<UploadTask> tasks() throws ServerUnreachable, ServerRefusal {
        return get("/sync-tasks", json -> json.getJsonArray("tasks").getValuesAs(UploadTask::of));
    }

    /** All changes since {@code seq}, page by page; empty when the server does not keep them so long. */
    Optional<List<RemoteChange>> changesSince(long seq) throws ServerUnreachable, ServerRefusal {
        List<RemoteChange> changes = new ArrayList<>();
        String path = BASE + "/book/changes?since=" + seq + "&limit=" + PAGE;
        for (boolean more = true; more; ) {
            Response response = exchange.send(exchange.to(path).GET().build());
            if (response.status() == 410) {
                return Optional.empty();
            }
            JsonObject page = expect(response, json -> json);
            changes.addAll(MissedChanges.changes(page.getJsonArray("changes")));
            String next = page.getString("next", "");
            more = page.getBoolean("hasMore", false) && !next.isEmpty() && !next.equals(path);
            path = next;
        }
        return Optional.of(changes);
    }

    /** The digest tree's nodes two levels down, by prefix, with the check code they belong to. */
    Tree tree() throws ServerUnreachable, ServerRefusal {
        return get("/book/digests?depth=2", json -> {
            SortedMap<String, String> nodes = new TreeMap<>();
            json.getJsonObject("nodes")
                    .forEach((prefix, node) ->
                            nodes.put(prefix, node.asJsonObject().getString("node")));
            return new Tree(new CheckCode(json.getString("checkCode")), nodes);
        });
    }

    /** Nodes by prefix, each as hex. */
    record Tree(CheckCode checkCode, SortedMap<String, String> nodes) {}

    /** The hashes of the contacts under some prefixes, or of all when there are none. */
    Entries entries(Set<String> prefixes) throws ServerUnreachable, ServerRefusal {
        return get("/book/digests/entries?prefix=" + String.join(",", prefixes), json -> {
            Map<Uid, ContentHash> entries = new LinkedHashMap<>();
            for (JsonArray entry : json.getJsonArray("entries").getValuesAs(JsonArray.class)) {
                entries.put(new Uid(entry.getString(0)), ContentHash.ofHex(entry.getString(1)));
            }
            return new Entries(new CheckCode(json.getString("checkCode")), entries);
        });
    }

    record Entries(CheckCode checkCode, Map<Uid, ContentHash> entries) {}

    /**
     * All contacts of the server's book, page by page.
     *
     * @return empty when the book changed meanwhile
     */
    public Optional<Contents> contents() throws ServerUnreachable, ServerRefusal {
        Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
        Optional<CheckCode> code = Optional.empty();
        String path = BASE + "/book/contacts?limit=" + PAGE;
        while (!path.isEmpty()) {
            HttpRequest.Builder request = exchange.to(path).GET();
            code.ifPresent(known -> request.header("If-Match", quoted(known)));
            Response response = exchange.send(request.build());
            if (response.status() == 412) {
                return Optional.empty();
            }
            JsonObject page = expect(response, json -> json);
            CheckCode ofPage = new CheckCode(page.getString("checkCode"));
            if (code.isPresent() && !code.get().equals(ofPage)) {
                return Optional.empty();
            }
            code = Optional.of(ofPage);
            for (JsonObject contact : page.getJsonArray("contacts").getValuesAs(JsonObject.class)) {
                contacts.put(new Uid(contact.getString("uid")), CardJson.card(contact.getJsonObject("card")));
            }
            path = page.getString("next", "");
        }
        return code.map(known -> new Contents(known, contacts));
    }

    /** The whole book at one check code, in the server's order. */
    public record Contents(CheckCode checkCode, Map<Uid, CanonicalCard> contacts) {}

    private Reply<Applied> settled(Response first) throws ServerUnreachable, ServerRefusal {
        if (first.status() != 202) {
            return reply(first, Applied::of);
        }
        UploadTask task = expect(first, UploadTask::of);
        for (int poll = 0; poll < MOST_POLLS && !task.state().finished(); poll++) {
            progress.waiting(task.position());
            Response response = exchange.send(exchange.to(task(task.id()))
                    .header("Prefer", "wait=" + capabilities().waitSeconds())
                    .GET()
                    .build());
            task = expect(response, UploadTask::of);
        }
        if (task.state() == TaskState.DONE && task.result().isPresent()) {
            return new Ok<>(Applied.of(task.result().get()));
        }
        if (task.problem().isPresent()) {
            return new Refused<>(task.problem().get());
        }
        throw new ServerRefusal(new ServerProblem(
                0,
                "task-" + task.state().wireName(),
                "The task is " + task.state().wireName() + " on the server.",
                "Push again: it is continued or replaced, nothing is lost.",
                JsonValue.EMPTY_JSON_OBJECT));
    }

    private HttpRequest.Builder json(String path, String method, byte[] body) {
        HttpRequest.Builder request = exchange.to(path).header("Content-Type", "application/json");
        if (body.length < GZIP_FROM_BYTES || !method.equals("PATCH")) {
            return request.method(method, BodyPublishers.ofByteArray(body));
        }
        return request.header("Content-Encoding", "gzip").method(method, BodyPublishers.ofByteArray(Wire.gzip(body)));
    }

    private <T> T get(String path, Function<JsonObject, T> reading) throws ServerUnreachable, ServerRefusal {
        return expect(exchange.send(exchange.to(BASE + path).GET().build()), reading);
    }

    private static <T> Reply<T> reply(Response response, Function<JsonObject, T> reading) throws ServerRefusal {
        return response.isSuccess() ? new Ok<>(expect(response, reading)) : new Refused<>(response.problem());
    }

    /** What the answer holds; a refusal, and an answer that is not of this service, are thrown. */
    static <T> T expect(Response response, Function<JsonObject, T> reading) throws ServerRefusal {
        if (!response.isSuccess()) {
            throw new ServerRefusal(response.problem());
        }
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(response.body()))) {
            return reading.apply(reader.readObject());
        } catch (JsonException
                | IllegalArgumentException
                | ArithmeticException
                | ClassCastException
                | NullPointerException e) {
            ServerRefusal refusal = new ServerRefusal(new ServerProblem(
                    response.status(),
                    "unreadable-answer",
                    "The answer is not one of this service.",
                    "Check the address of the server.",
                    JsonValue.EMPTY_JSON_OBJECT));
            refusal.initCause(e);
            throw refusal;
        }
    }

    private static ChunkAck ack(JsonObject json) {
        return new ChunkAck(
                json.getInt("chunk"),
                json.getInt("nextChunk"),
                json.getJsonNumber("received").longValueExact(),
                new CheckCode(json.getString("checkCode")));
    }

    private static String task(String id) {
        return BASE + "/sync-tasks/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private static String quoted(CheckCode code) {
        return "\"" + code.value() + "\"";
    }
}
