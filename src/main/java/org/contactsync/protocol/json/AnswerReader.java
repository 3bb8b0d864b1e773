package org.contactsync.protocol.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.ChunkAck;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskId;

/**
 * Reads what {@link AnswerJson} writes, for clients. Members that are not known are passed over (protocol 3.1). Every method
 * throws {@link IllegalArgumentException}, or what JSON-P throws for a member that is not there or of another type, when the
 * JSON is not that value. Thread-safe.
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
                rebased ? missed(json) : Optional.empty());
    }

    public static ChunkAck chunkAck(JsonObject json) {
        return new ChunkAck(
                json.getInt("chunk"),
                json.getInt("nextChunk"),
                whole(json, "received"),
                new CheckCode(json.getString("checkCode")));
    }

    /** The member {@code missed} of an answer; empty when it is not there, or says that what was missed is not known. */
    public static Optional<Missed> missed(JsonObject answer) {
        if (!(answer.get("missed") instanceof JsonObject missed)
                || !(missed.get("changes") instanceof JsonArray changes)) {
            return Optional.empty();
        }
        Optional<Long> since =
                missed.getBoolean("complete") ? Optional.empty() : Optional.of(since(missed.getString("next")));
        return Optional.of(new Missed(changes(changes), since));
    }

    /** Changes of the feed, or of what was missed. */
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
        return new Content(CardJson.card(json.getJsonObject("card")), ContentHash.ofHex(json.getString("contentHash")));
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

    private static IllegalArgumentException refused(String rule) {
        return new IllegalArgumentException(rule);
    }
}
