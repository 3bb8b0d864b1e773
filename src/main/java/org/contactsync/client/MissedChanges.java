package org.contactsync.client;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.json.AnswerReader;

/**
 * What others changed since the code that this client knew.
 *
 * @param complete whether these are all; otherwise they are of no use and the client asks
 */
record MissedChanges(List<RemoteChange> changes, boolean complete) {
    MissedChanges {
        changes = List.copyOf(changes);
    }

    /** Of an answer that tells it; not complete when it does not. */
    static MissedChanges of(Optional<Missed> missed) {
        return missed.map(told -> new MissedChanges(
                        told.changes().stream().map(RemoteChange::of).toList(),
                        told.since().isEmpty()))
                .orElseGet(() -> new MissedChanges(List.of(), false));
    }

    /** The member {@code missed} of a problem; not complete when there is none that can be read. */
    static MissedChanges in(JsonObject problem) {
        try {
            return of(AnswerReader.missed(problem));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException notReadable) {
            return of(Optional.empty());
        }
    }
}
