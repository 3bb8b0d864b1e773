package org.contactsync.protocol.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Capabilities;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.outcome.SyncResult;

/**
 * Reads what {@link AnswerJson} writes, for clients. Unknown members are ignored (protocol 3.1). If the JSON is not such a value,
 * every method throws {@link IllegalArgumentException}, or what JSON-P throws for a missing member or a wrong type. Thread-safe.
 */
public final class AnswerReader {
    private AnswerReader() {}

    public static SyncResult syncResult(JsonObject json) {
        JsonObject applied = json.getJsonObject("applied");
        boolean rebased = json.getBoolean("rebased");
        return new SyncResult(
                TaskId.parse(json.getString("task")).orElseThrow(() -> refused("task: a UUID")),
                new CheckCode(json.getString("checkCode")),
                whole(json, "seq"),
                whole(json, "count"),
                whole(applied, "put"),
                whole(applied, "deleted"),
                rebased,
                rebased ? missed(json) : Optional.empty(),
                json.getInt("keptLost", 0));
    }

    public static BookHead bookHead(JsonObject json) {
        JsonObject queue = json.getJsonObject("queue");
        return new BookHead(
                whole(json, "count"),
                whole(json, "seq"),
                new CheckCode(json.getString("checkCode")),
                CheckKey.ofBase64Url(json.getString("checkKey")),
                whole(queue, "running"),
                whole(queue, "waiting"),
                json.containsKey("changesFrom") ? whole(json, "changesFrom") : 0);
    }

    public static Capabilities capabilities(JsonObject json) {
        return new Capabilities(
                json.getInt("maxChunkContacts"),
                json.getInt("maxChunkBytes"),
                json.getInt("oneShotContacts"),
                json.getInt("oneShotBytes"),
                json.getInt("maxChunks"),
                json.getInt("waitSecondsMax"),
                json.getInt("maxLostCards", 0));
    }

    /** A task or, when it was done at once, its result (protocol §4.3.2). */
    public static ReceivedTask task(JsonObject json) {
        if (!json.containsKey("id")) {
            SyncResult result = syncResult(json);
            return new ReceivedTask(
                    result.task().toString(), "", TaskState.DONE, 0, 1, Optional.of(result), Optional.empty());
        }
        return new ReceivedTask(
                json.getString("id"),
                json.getString("kind"),
                state(json.getString("state")),
                json.containsKey("position") ? whole(json, "position") : 0,
                json.getInt("nextChunk", 1),
                Optional.ofNullable(json.getJsonObject("result")).map(AnswerReader::syncResult),
                Optional.ofNullable(json.getJsonObject("problem")).flatMap(ProblemReader::problem));
    }

    /** The tasks of a list, in its order. */
    public static List<ReceivedTask> tasks(JsonObject json) {
        return json.getJsonArray("tasks").getValuesAs(AnswerReader::task);
    }

    /** A state that a newer server has is an unfinished one (protocol §4.11.2). */
    private static TaskState state(String wireName) {
        return Arrays.stream(TaskState.values())
                .filter(state -> state.wireName().equals(wireName))
                .findFirst()
                .orElse(TaskState.RUNNING);
    }

    public static ChunkAck chunkAck(JsonObject json) {
        return new ChunkAck(
                json.getInt("chunk"),
                json.getInt("nextChunk"),
                whole(json, "received"),
                new CheckCode(json.getString("checkCode")));
    }

    /** The member {@code missed} of an answer. Empty if it is absent, or if the server no longer knows what was missed. */
    public static Optional<Missed> missed(JsonObject answer) {
        if (!(answer.get("missed") instanceof JsonObject missed)
                || !(missed.get("changes") instanceof JsonArray changes)) {
            return Optional.empty();
        }
        Optional<Long> since =
                missed.getBoolean("complete") ? Optional.empty() : Optional.of(since(missed.getString("next")));
        return Optional.of(new Missed(changes(changes), since));
    }

    /** The changes of a feed page or of {@code missed}. */
    public static List<BookChange> changes(JsonArray array) {
        List<BookChange> changes = new ArrayList<>(array.size());
        array.getValuesAs(JsonObject.class).forEach(json -> changes.add(change(json)));
        return changes;
    }

    private static BookChange change(JsonObject json) {
        boolean put = json.getString("op").equals("put");
        return new BookChange(
                whole(json, "seq"),
                new Uid(json.getString("uid")),
                put ? Optional.of(content(json)) : Optional.empty(),
                Optional.ofNullable(json.getString("device", null)).map(DeviceId::new));
    }

    /** A contact's card and its hash. */
    private static Content content(JsonObject json) {
        return new Content(card(json), ContentHash.ofHex(json.getString("contentHash")));
    }

    private static long since(String next) {
        if (!next.startsWith(AnswerJson.CHANGES)) {
            throw refused("next: " + AnswerJson.CHANGES);
        }
        return Long.parseLong(next.substring(AnswerJson.CHANGES.length()));
    }

    private static long whole(JsonObject json, String name) {
        return json.getJsonNumber(name).longValueExact();
    }

    /** The card of one contact. */
    public static CanonicalCard card(JsonObject contact) {
        return CardJson.card(contact.getJsonObject("card"));
    }

    private static IllegalArgumentException refused(String rule) {
        return new IllegalArgumentException(rule);
    }
}
