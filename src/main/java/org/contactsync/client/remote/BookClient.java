package org.contactsync.client.remote;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.AnswerSize;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.http.port.Request;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Capabilities;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.ResourcePath;
import org.contactsync.protocol.json.AnswerReader;
import org.contactsync.protocol.json.PageReader;
import org.contactsync.protocol.json.PageReader.Changes;
import org.contactsync.protocol.json.PageReader.ContactVisitor;
import org.contactsync.protocol.json.PageReader.Contacts;
import org.contactsync.protocol.json.PageReader.Versions;
import org.contactsync.protocol.outcome.ReceivedTask;

/**
 * Reads the server's book, with one request per method unless the method says otherwise. {@link TaskClient} writes it. Refusals
 * are {@link ServerRefusal}. For one thread at a time.
 */
public final class BookClient {
    private static final String BASE = "/v1";

    private static final int PAGE = 1000;

    /** Of versions of one contact, with up to 200 each: beyond that the ancestor of a conflict is done without. */
    private static final int MOST_VERSION_PAGES = 5;

    /** Five times the largest book of a server (protocol 6.1). */
    static final int MOST_CONTACTS = 1_000_000;

    private final Exchange exchange;
    private final Progress progress;
    private Optional<Capabilities> capabilities = Optional.empty();

    public BookClient(Account account, RetryPolicy policy, Pause pause, Progress progress) {
        this(new Exchange(account, policy, pause, progress), progress);
    }

    public BookClient(Exchange exchange, Progress progress) {
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
            capabilities = Optional.of(get("/capabilities", AnswerReader::capabilities));
        }
        return capabilities.get();
    }

    public BookHead book() throws ServerUnreachable, ServerRefusal {
        return get("/book", AnswerReader::bookHead);
    }

    /** The book when its check code is another than {@code known}: one request, answered without a body when it is not. */
    public Optional<BookHead> bookOtherThan(CheckCode known) throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to(BASE + "/book")
                .header("If-None-Match", quoted(known))
                .get()
                .build());
        return response.status() == 304 ? Optional.empty() : Optional.of(response.read(AnswerReader::bookHead));
    }

    /** The user's unfinished tasks, in order. */
    public List<ReceivedTask> tasks() throws ServerUnreachable, ServerRefusal {
        return taskClient().unfinished();
    }

    /** The same account's sync tasks. */
    public TaskClient taskClient() {
        return new TaskClient(exchange, this, progress);
    }

    /** Look-ups in the same book. */
    public LookupClient lookupClient() {
        return new LookupClient(exchange);
    }

    /** The account that the book belongs to. */
    public AccountClient accountClient() {
        return new AccountClient(exchange);
    }

    /** Files of the same book. */
    public FileClient fileClient() {
        return new FileClient(exchange, this);
    }

    /** What the same book was. */
    public HistoryClient historyClient() throws ServerUnreachable, ServerRefusal {
        return new HistoryClient(exchange, taskClient(), capabilities().waitSeconds());
    }

    /** The digest tree of the same book. */
    public TreeClient treeClient() {
        return new TreeClient(exchange);
    }

    /** All changes since {@code seq}, page by page; empty when the server does not keep them so long. */
    public Optional<List<RemoteChange>> changesSince(long seq) throws ServerUnreachable, ServerRefusal {
        return feed(seq)
                .map(feed -> feed.changes().stream().map(RemoteChange::of).toList());
    }

    /**
     * The whole feed.
     *
     * @param checkCode of the book that it leads to: that of its last page
     * @param seq of that book
     */
    public record Feed(List<BookChange> changes, CheckCode checkCode, long seq) {}

    /** As {@link #changesSince}, with the cards. */
    public Optional<Feed> feed(long seq) throws ServerUnreachable, ServerRefusal {
        List<BookChange> changes = new ArrayList<>();
        String path = BASE + "/book/changes?since=" + seq + "&limit=" + PAGE;
        while (true) {
            Response response = exchange.send(exchange.toList(path).get().build(), AnswerSize.PAGE);
            if (response.status() == 410) {
                return Optional.empty();
            }
            Changes page = response.read(PageReader::changes);
            changes.addAll(page.changes());
            if (page.next().isEmpty()) {
                return Optional.of(new Feed(changes, page.checkCode(), page.seq()));
            }
            requireProgress(!page.changes().isEmpty() && changes.size() <= MOST_CONTACTS);
            path = exchange.follow(page.next().get());
        }
    }

    /** One contact's card as the server has it now; empty when it has none. */
    public Optional<CanonicalCard> card(Uid uid) throws ServerUnreachable, ServerRefusal {
        String name = URLEncoder.encode(uid.value(), StandardCharsets.UTF_8).replace("+", "%20");
        Response response =
                exchange.send(exchange.to(BASE + "/book/contacts/" + name).get().build());
        return response.status() == 404 ? Optional.empty() : Optional.of(response.read(AnswerReader::card));
    }

    /** The card with that hash that a contact once had; empty if the server does not have it any more, or keeps no versions. */
    public Optional<CanonicalCard> version(Uid uid, ContentHash hash) throws ServerUnreachable, ServerRefusal {
        String path = ResourcePath.versions(uid) + "?limit=200";
        for (int page = 0; page < MOST_VERSION_PAGES && !path.isEmpty(); page++) {
            Response response = exchange.send(exchange.toList(path).get().build(), AnswerSize.PAGE);
            if (!response.isSuccess()) {
                return Optional.empty();
            }
            Versions versions = response.read(json -> PageReader.versions(json, hash));
            if (versions.found().isPresent()) {
                return versions.found();
            }
            path = versions.next().isPresent() ? exchange.follow(versions.next().get()) : "";
        }
        return Optional.empty();
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
            Request.Builder request = exchange.toList(path).get();
            code.ifPresent(known -> request.header("If-Match", quoted(known)));
            Response response = exchange.send(request.build(), AnswerSize.PAGE);
            if (response.status() == 412) {
                return Optional.empty();
            }
            Contacts page = page(response, last, visitor);
            if (code.isPresent() && !code.get().equals(page.checkCode())) {
                return Optional.empty();
            }
            code = Optional.of(page.checkCode());
            last = page.last();
            contacts += page.contacts();
            path = "";
            if (page.next().isPresent()) {
                requireProgress(page.contacts() > 0 && contacts <= MOST_CONTACTS);
                path = exchange.follow(page.next().get());
            }
        }
        return code;
    }

    private static Contacts page(Response response, Optional<Uid> after, ContactVisitor visitor)
            throws ServerRefusal, IOException {
        try {
            return response.parsed(utf8 -> PageReader.contacts(utf8, after, visitor));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A server whose pages lead to no end is left, however often it says that there are more. */
    static void requireProgress(boolean further) throws ServerRefusal {
        if (!further) {
            throw new ServerRefusal(ServerProblem.found(
                    "endless-listing",
                    "The server's pages lead to no end.",
                    "Check the address of the server; if it is right, report this to whoever runs it."));
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
        return exchange.send(exchange.to(BASE + path).get().build()).read(reading);
    }

    static String quoted(CheckCode code) {
        return "\"" + code.value() + "\"";
    }
}
