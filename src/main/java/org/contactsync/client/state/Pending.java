package org.contactsync.client.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/**
 * A task that was, or was about to be, sent when the client last wrote its state.
 *
 * @param key the idempotency key of the request that starts it
 * @param request the SHA-256 of that request in hex: the key is used again for the very same request only
 * @param after the second check code that the task leads to
 * @param task the id of the upload, or of a request that waits on the server, once the server has given it one
 * @param changes what the task makes of each contact it touches: a new hash, or nothing
 */
public record Pending(
        UUID key, String request, CheckCode after, Optional<String> task, Map<Uid, Optional<ContentHash>> changes) {
    public Pending {
        changes = Map.copyOf(new LinkedHashMap<>(changes));
    }

    public Pending withTask(String id) {
        return new Pending(key, request, after, Optional.of(id), changes);
    }
}
