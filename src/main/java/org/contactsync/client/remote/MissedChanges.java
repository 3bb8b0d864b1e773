package org.contactsync.client.remote;

import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Missed;

/**
 * What others changed since the code that this client knew.
 *
 * @param complete whether these are all; otherwise they are of no use and the client asks
 */
public record MissedChanges(List<RemoteChange> changes, boolean complete) {
    public MissedChanges {
        changes = List.copyOf(changes);
    }

    /** Of an answer that tells it; not complete when it does not. */
    public static MissedChanges of(Optional<Missed> missed) {
        return missed.map(told -> new MissedChanges(
                        told.changes().stream().map(RemoteChange::of).toList(),
                        told.since().isEmpty()))
                .orElseGet(() -> new MissedChanges(List.of(), false));
    }
}
