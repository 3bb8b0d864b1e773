package org.contactsync.model;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.contact.Uid;

/** Reads what the book was, and brings it back (protocol 4.16 to 4.19). */
final class HistoryClient {
    /** Small, so that pages are followed. */
    private static final int PAGE = 7;

    private final Exchange exchange;

    HistoryClient(Exchange exchange) {
        this.exchange = exchange;
    }

    /** A task that changed the book. */
    record Change(long seq, CheckCode before, CheckCode after, long count) {}

    /** A past version of a contact. */
    record Version(Uid uid, CanonicalCard card, long from, long until) {}

    /** The changes above a sequence number, the latest first. */
    List<Change> changesAbove(long seq) throws ServerUnreachable, ServerRefusal {
        List<Change> changes = new ArrayList<>();
        Optional<String> path = Optional.of("/v1/book/history?limit=" + PAGE);
        while (path.isPresent()) {
            JsonObject page = get(path.get());
            for (JsonObject each : page.getJsonArray("changes").getValuesAs(JsonObject.class)) {
                Change change = change(each);
                if (change.seq() <= seq) {
                    return changes;
                }
                changes.add(change);
            }
            path = next(page);
        }
        return changes;
    }

    /** The code after the task with that number, if the history has it. */
    Optional<CheckCode> codeAt(long seq) throws ServerUnreachable, ServerRefusal {
        return get("/v1/book/history?limit=1&before=" + (seq + 1))
                .getJsonArray("changes")
                .getValuesAs(HistoryClient::change)
                .stream()
                .filter(change -> change.seq() == seq)
                .map(Change::after)
                .findFirst();
    }

    List<Version> trash() throws ServerUnreachable, ServerRefusal {
        return versions("contacts", "/v1/book/trash?limit=" + PAGE);
    }

    List<Version> versions(Uid uid) throws ServerUnreachable, ServerRefusal {
        return versions("versions", "/v1/book/contacts/" + uid.value() + "/versions");
    }

    /** The answer to a restore of one contact, sent with that key. */
    Response restoreContact(Uid uid, UUID key) throws ServerUnreachable {
        return exchange.send(exchange.to("/v1/book/trash/" + uid.value() + "/restore")
                .header("Idempotency-Key", "\"" + key + "\"")
                .post(new byte[0])
                .build());
    }

    /** The answer to a restore of the book to a check code, if it still is the book of {@code now}. */
    Response restoreBook(CheckCode to, boolean dryRun, Optional<CheckCode> now, UUID key) throws ServerUnreachable {
        String body = Json.createObjectBuilder()
                .add("checkCode", to.value())
                .add("dryRun", dryRun)
                .build()
                .toString();
        var request = exchange.to("/v1/book/restore")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "\"" + key + "\"")
                .post(body.getBytes(StandardCharsets.UTF_8));
        now.ifPresent(code -> request.header("If-Match", "\"" + code + "\""));
        return exchange.send(request.build());
    }

    /** The check code in the answer to a restore. */
    static CheckCode code(Response answer) throws ServerRefusal {
        return new CheckCode(answer.read(json -> json.getString("checkCode")));
    }

    /** How many contacts a dry run would put and delete. */
    static List<Integer> applied(Response answer) throws ServerRefusal {
        JsonObject applied = answer.read(json -> json.getJsonObject("applied"));
        return List.of(applied.getInt("put"), applied.getInt("deleted"));
    }

    /** A list of contacts in the answer to a dry run. */
    static List<Uid> uids(Response answer, String name) throws ServerRefusal {
        return answer.read(json -> json.getJsonArray(name).getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .map(Uid::new)
                .toList());
    }

    private List<Version> versions(String name, String first) throws ServerUnreachable, ServerRefusal {
        List<Version> versions = new ArrayList<>();
        Optional<String> path = Optional.of(first);
        while (path.isPresent()) {
            JsonObject page = get(path.get());
            page.getJsonArray(name)
                    .getValuesAs(JsonObject.class)
                    .forEach(each -> versions.add(new Version(
                            new Uid(each.getString("uid")),
                            CanonicalCard.ofTrusted(
                                    each.getJsonObject("card").toString().getBytes(StandardCharsets.UTF_8)),
                            each.getJsonNumber("from").longValue(),
                            each.getJsonNumber("until").longValue())));
            path = next(page);
        }
        return versions;
    }

    private static Change change(JsonObject json) {
        return new Change(
                json.getJsonNumber("seq").longValue(),
                new CheckCode(json.getString("checkCodeBefore")),
                new CheckCode(json.getString("checkCode")),
                json.getJsonNumber("count").longValue());
    }

    private static Optional<String> next(JsonObject page) {
        return Optional.ofNullable(page.getString("next", null));
    }

    private JsonObject get(String path) throws ServerUnreachable, ServerRefusal {
        return exchange.send(exchange.toList(path).get().build()).read(json -> json);
    }
}
