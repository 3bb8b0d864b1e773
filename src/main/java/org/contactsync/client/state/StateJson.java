package org.contactsync.client.state;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.KnownBook.KnownContact;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.BoundedJson;
import org.contactsync.protocol.json.JsonWriter;

/**
 * The state as a JSON text.
 *
 * <pre>
 *   {"version":1, "checkKey":…, "checkCode":…, "seq":7,
 *    "contacts":[[uid, hash on the server, hash sent | ""]…],
 *    "pending":{"key":…, "request":…, "after":…, "task":… | "", "changes":[[uid, hash | ""]…]}}
 * </pre>
 */
final class StateJson {
    private static final int VERSION = 1;

    private StateJson() {}

    static String write(SyncState state) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("version", VERSION)
                .member("checkKey", state.key().base64Url())
                .member("checkCode", state.checkCode().value())
                .member("seq", state.seq())
                .name("contacts")
                .array();
        state.known()
                .contacts()
                .forEach((uid, contact) -> json.array()
                        .value(uid.value())
                        .value(contact.onServer().hex())
                        .value(hex(contact.sent()))
                        .endArray());
        json.endArray();
        state.pending().ifPresent(pending -> write(json, pending));
        return json.end().text();
    }

    private static void write(JsonWriter json, Pending pending) {
        json.name("pending")
                .object()
                .member("key", pending.key().toString())
                .member("request", pending.request())
                .member("after", pending.after().value())
                .member("task", pending.task().orElse(""))
                .name("changes")
                .array();
        pending.changes()
                .forEach((uid, hash) ->
                        json.array().value(uid.value()).value(hex(hash)).endArray());
        json.endArray().end();
    }

    static SyncState read(byte[] utf8) {
        JsonObject json = BoundedJson.object(utf8);
        if (json.getInt("version") != VERSION) {
            throw new IllegalArgumentException("version: " + VERSION);
        }
        TreeMap<Uid, KnownContact> contacts = new TreeMap<>(KnownBook.ORDER);
        for (JsonArray entry : json.getJsonArray("contacts").getValuesAs(JsonArray.class)) {
            contacts.put(
                    new Uid(entry.getString(0)),
                    new KnownContact(ContentHash.ofHex(entry.getString(1)), hash(entry.getString(2))));
        }
        return new SyncState(
                CheckKey.ofBase64Url(json.getString("checkKey")),
                new CheckCode(json.getString("checkCode")),
                json.getJsonNumber("seq").longValueExact(),
                new KnownBook(contacts),
                Optional.ofNullable(json.getJsonObject("pending")).map(StateJson::pending));
    }

    private static Pending pending(JsonObject json) {
        Map<Uid, Optional<ContentHash>> changes = new LinkedHashMap<>();
        for (JsonArray change : json.getJsonArray("changes").getValuesAs(JsonArray.class)) {
            changes.put(new Uid(change.getString(0)), hash(change.getString(1)));
        }
        return new Pending(
                UUID.fromString(json.getString("key")),
                json.getString("request"),
                new CheckCode(json.getString("after")),
                Optional.of(json.getString("task")).filter(id -> !id.isEmpty()),
                changes);
    }

    private static String hex(Optional<ContentHash> hash) {
        return hash.map(ContentHash::hex).orElse("");
    }

    private static Optional<ContentHash> hash(String hex) {
        return hex.isEmpty() ? Optional.empty() : Optional.of(ContentHash.ofHex(hex));
    }
}
