package org.contactsync.protocol.json;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.RestorePreview;

/**
 * Reads what {@link HistoryJson} writes, for clients (protocol §4.16 to §4.19). Unknown members are ignored. If the JSON is not such a
 * value, every method throws what {@link AnswerReader} throws. Thread-safe.
 */
public final class HistoryReader {
    private HistoryReader() {}

    /**
     * A task that changed a book, as a client reads it: a newer server may have kinds that this version does not know.
     *
     * @param before the book's code before it
     * @param after the book's code after it
     * @param count contacts after it
     * @param puts contacts added or changed
     * @param deletes contacts deleted
     */
    public record PastTask(
            long seq,
            Instant at,
            String kind,
            String task,
            Optional<DeviceId> device,
            CheckCode before,
            CheckCode after,
            long count,
            long puts,
            long deletes) {}

    /**
     * A page of a list.
     *
     * @param next the link to the page after it; empty on the last one
     */
    public record Page<T>(List<T> items, Optional<String> next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    public static Page<PastTask> changes(JsonObject json) {
        return new Page<>(
                json.getJsonArray("changes").getValuesAs(JsonObject.class).stream()
                        .map(HistoryReader::change)
                        .toList(),
                next(json));
    }

    /** @param name of the list: {@code versions} of one contact, or {@code contacts} of the trash */
    public static Page<PastVersion> versions(JsonObject json, String name) {
        return new Page<>(
                json.getJsonArray(name).getValuesAs(JsonObject.class).stream()
                        .map(HistoryReader::version)
                        .toList(),
                next(json));
    }

    public static RestorePreview preview(JsonObject json) {
        JsonObject applied = json.getJsonObject("applied");
        return new RestorePreview(
                whole(json, "seq"),
                new CheckCode(json.getString("checkCode")),
                whole(json, "count"),
                whole(applied, "put"),
                whole(applied, "deleted"),
                uids(json, "put"),
                uids(json, "deleted"));
    }

    private static PastTask change(JsonObject json) {
        JsonObject applied = json.getJsonObject("applied");
        return new PastTask(
                whole(json, "seq"),
                Instant.parse(json.getString("at")),
                json.getString("kind"),
                json.getString("task"),
                device(json, "device"),
                new CheckCode(json.getString("checkCodeBefore")),
                new CheckCode(json.getString("checkCode")),
                whole(json, "count"),
                whole(applied, "put"),
                whole(applied, "deleted"));
    }

    private static PastVersion version(JsonObject json) {
        return new PastVersion(
                new Uid(json.getString("uid")),
                new Content(AnswerReader.card(json), ContentHash.ofHex(json.getString("contentHash"))),
                device(json, "device"),
                whole(json, "from"),
                whole(json, "until"),
                Instant.parse(json.getString("endedAt")),
                device(json, "endedBy"),
                json.getString("origin", "").equals("conflict"));
    }

    private static List<Uid> uids(JsonObject json, String name) {
        return json.getJsonArray(name).getValuesAs(JsonString.class).stream()
                .map(uid -> new Uid(uid.getString()))
                .toList();
    }

    private static Optional<DeviceId> device(JsonObject json, String name) {
        return Optional.ofNullable(json.getString(name, null)).map(DeviceId::new);
    }

    private static Optional<String> next(JsonObject json) {
        return Optional.of(json.getString("next", "")).filter(link -> !link.isEmpty());
    }

    private static long whole(JsonObject json, String name) {
        return json.getJsonNumber(name).longValueExact();
    }
}
