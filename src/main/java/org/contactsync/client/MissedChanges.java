package org.contactsync.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/**
 * What others changed since the code that this client knew.
 *
 * @param complete whether these are all; otherwise they are of no use and the client asks
 */
record MissedChanges(List<RemoteChange> changes, boolean complete) {
    MissedChanges {
        changes = List.copyOf(changes);
    }

    /** The member {@code missed} of an answer; not complete when there is none. */
    static MissedChanges in(JsonObject answer) {
        if (answer.get("missed") instanceof JsonObject missed && missed.get("changes") instanceof JsonArray changes) {
            try {
                return new MissedChanges(changes(changes), missed.getBoolean("complete", false));
            } catch (IllegalArgumentException | ClassCastException | NullPointerException notReadable) {
                return new MissedChanges(List.of(), false);
            }
        }
        return new MissedChanges(List.of(), false);
    }

    static List<RemoteChange> changes(JsonArray array) {
        List<RemoteChange> changes = new ArrayList<>();
        for (JsonObject change : array.getValuesAs(JsonObject.class)) {
            boolean put = change.getString("op").equals("put");
            changes.add(new RemoteChange(
                    new Uid(change.getString("uid")),
                    put ? Optional.of(ContentHash.ofHex(change.getString("contentHash"))) : Optional.empty()));
        }
        return changes;
    }
}
