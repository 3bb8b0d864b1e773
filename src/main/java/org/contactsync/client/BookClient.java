package org.contactsync.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.function.Function;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.AnswerReader;
import org.contactsync.protocol.json.CardJson;

/**
 * Reads the server's book, with one request per method unless the method says otherwise. {@link TaskClient} writes it. Refusals
 * are {@link ServerRefusal}. For one thread at a time.
 */
public final class BookClient {
    private static final String BASE = "/v1";

    private static final int PAGE = 1000;
    private static final int ENTRIES_PAGE = 5000;

    /** Five times the largest book of a server (protocol 6.1). */
    private static final int MOST_CONTACTS = 1_000_000;

    private final Exchange exchange;
    private final Progress progress;
    private Optional<Capabilities> capabilities = Optional.empty();

    public BookClient(Account account, RetryPolicy policy, Pause pause, Progress progress) {
        this(new Exchange(account, policy, pause, progress), progress);
    }

    BookClient(Exchange exchange, Progress progress) {
        this.exchange = exchange;
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
        try {
            return Optional.of(new CheckCode(tag.substring(1, tag.length() - 1)));
        } catch (IllegalArgumentException notOfThisService) {
            return Optional.of(book().checkCode());
        }
    }

    /** The user's unfinished tasks, in order. */
    public List<UploadTask> tasks() throws ServerUnreachable, ServerRefusal {
        return taskClient().unfinished();
    }

    /** The same account's sync tasks. */
    TaskClient taskClient() {
        return new TaskClient(exchange, this, progress);
    }

    /** All changes since {@code seq}, page by page; empty when the server does not keep them so long. */
    Optional<List<RemoteChange>> changesSince(long seq) throws ServerUnreachable, ServerRefusal {
        List<RemoteChange> changes = new ArrayList<>();
        String path = BASE + "/book/changes?since=" + seq + "&limit=" + PAGE;
        for (boolean more = true; more; ) {
            Response response = exchange.send(exchange.to(path).GET().build(), AnswerSize.PAGE);
            if (response.status() == 410) {
                return Optional.empty();
            }
            int before = changes.size();
            JsonObject page = response.read(json -> {
                AnswerReader.changes(json.getJsonArray("changes"))
                        .forEach(change -> changes.add(RemoteChange.of(change)));
                return json;
            });
            String next = page.getString("next", "");
            more = page.getBoolean("hasMore", false) && !next.isEmpty();
            if (more) {
                requireProgress(changes.size() > before && changes.size() <= MOST_CONTACTS);
                path = exchange.follow(next);
            }
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

    /**
     * The hashes of the contacts under some prefixes, or of all when there are none, page by page. When the book changes between
     * two pages they are not all, and of the check code of the first page.
     */
    Entries entries(Set<String> prefixes) throws ServerUnreachable, ServerRefusal {
        Map<Uid, ContentHash> entries = new LinkedHashMap<>();
        Optional<CheckCode> code = Optional.empty();
        String path = BASE + "/book/digests/entries?prefix=" + String.join(",", prefixes) + "&limit=" + ENTRIES_PAGE;
        for (boolean more = true; more; ) {
            HttpRequest.Builder request = exchange.to(path).GET();
            code.ifPresent(known -> request.header("If-Match", quoted(known)));
            Response response = exchange.send(request.build(), AnswerSize.ENTRIES);
            if (code.isPresent() && response.status() == 412) {
                return new Entries(code.get(), entries);
            }
            int before = entries.size();
            JsonObject page = response.read(json -> {
                for (JsonArray entry : json.getJsonArray("entries").getValuesAs(JsonArray.class)) {
                    entries.put(new Uid(entry.getString(0)), ContentHash.ofHex(entry.getString(1)));
                }
                return json;
            });
            if (code.isEmpty()) {
                code = Optional.of(new CheckCode(page.getString("checkCode")));
            }
            String next = page.getString("next", "");
            more = !next.isEmpty();
            if (more) {
                requireProgress(entries.size() > before && entries.size() <= MOST_CONTACTS);
                path = exchange.follow(next);
            }
        }
        return new Entries(code.orElseThrow(), entries);
    }

    record Entries(CheckCode checkCode, Map<Uid, ContentHash> entries) {}

    /** One contact's card as the server has it now; empty when it has none. */
    Optional<CanonicalCard> card(Uid uid) throws ServerUnreachable, ServerRefusal {
        String name = URLEncoder.encode(uid.value(), StandardCharsets.UTF_8).replace("+", "%20");
        Response response =
                exchange.send(exchange.to(BASE + "/book/contacts/" + name).GET().build());
        return response.status() == 404
                ? Optional.empty()
                : Optional.of(response.read(json -> CardJson.card(json.getJsonObject("card"))));
    }

    /**
     * All contacts that the server lists, page by page. Whether they are all that it has only {@link Contents#isWhole} tells.
     *
     * @return empty when the book changed meanwhile
     */
    public Optional<Contents> contents() throws ServerUnreachable, ServerRefusal {
        Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
        try {
            return eachContact(contacts::put).map(code -> new Contents(code, contacts));
        } catch (IOException e) {
            throw new UncheckedIOException("a map is filled without I/O", e);
        }
    }

    /**
     * Gives all contacts that the server lists to {@code visitor}, in the order of their uids, holding one page at a time.
     * Whether they are all that it has only their check code tells.
     *
     * @return the check code of the book, as the server says it; empty when the book changed meanwhile
     * @throws IOException of the visitor
     */
    public Optional<CheckCode> eachContact(ContactVisitor visitor)
            throws ServerUnreachable, ServerRefusal, IOException {
        Optional<CheckCode> code = Optional.empty();
        Optional<Uid> last = Optional.empty();
        long contacts = 0;
        String path = BASE + "/book/contacts?limit=" + PAGE;
        while (!path.isEmpty()) {
            HttpRequest.Builder request = exchange.to(path).GET();
            code.ifPresent(known -> request.header("If-Match", quoted(known)));
            Response response = exchange.send(request.build(), AnswerSize.PAGE);
            if (response.status() == 412) {
                return Optional.empty();
            }
            ContactPage page = page(response, last, visitor);
            if (code.isPresent() && !code.get().equals(page.checkCode())) {
                return Optional.empty();
            }
            code = Optional.of(page.checkCode());
            last = page.last();
            contacts += page.contacts();
            path = "";
            if (!page.next().isEmpty()) {
                requireProgress(page.contacts() > 0 && contacts <= MOST_CONTACTS);
                path = exchange.follow(page.next());
            }
        }
        return code;
    }

    private static ContactPage page(Response response, Optional<Uid> after, ContactVisitor visitor)
            throws ServerRefusal, IOException {
        try {
            return response.parsed(utf8 -> ContactPage.read(utf8, after, visitor));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A server whose pages lead to no end is left, however often it says that there are more. */
    private static void requireProgress(boolean further) throws ServerRefusal {
        if (!further) {
            throw new ServerRefusal(new ServerProblem(
                    0,
                    "endless-listing",
                    "The server's pages lead to no end.",
                    "Check the address of the server; if it is right, report this to whoever runs it.",
                    JsonValue.EMPTY_JSON_OBJECT));
        }
    }

    /**
     * The whole book at one check code, in the server's order, if {@link #isWhole} says so.
     *
     * @param checkCode as the server says it
     */
    public record Contents(CheckCode checkCode, Map<Uid, CanonicalCard> contacts) {
        /** Whether just these contacts have the code that the server says; a listing that was cut short has another. */
        public boolean isWhole(CheckCodes codes) {
            BookDigest digest = BookDigest.EMPTY;
            for (Map.Entry<Uid, CanonicalCard> contact : contacts.entrySet()) {
                digest = digest.plus(codes.entry(contact.getKey(), codes.contentHash(contact.getValue())));
            }
            return codes.checkCode(digest).equals(checkCode);
        }
    }

    private <T> T get(String path, Function<JsonObject, T> reading) throws ServerUnreachable, ServerRefusal {
        return exchange.send(exchange.to(BASE + path).GET().build()).read(reading);
    }

    static String quoted(CheckCode code) {
        return "\"" + code.value() + "\"";
    }
}
