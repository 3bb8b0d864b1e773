package org.contactsync.client.compare;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;

/**
 * The difference between the phone's book and the server's: what a push has to do.
 *
 * @param changes each with the hash that the contact must have before
 * @param outcome the same changes as hashes: what each contact becomes
 * @param before the server's book, with the contacts that were found equal marked as sent
 * @param theirs contacts that another device changed and that are left as it made them
 * @param conflicts contacts that were changed in the phone book and by another device, with the hash that the server has
 */
public record Difference(
        List<Change> changes,
        Map<Uid, Optional<ContentHash>> outcome,
        KnownBook before,
        Counts counts,
        List<Uid> theirs,
        Map<Uid, ContentHash> conflicts) {
    public Difference {
        changes = List.copyOf(changes);
        outcome = Collections.unmodifiableMap(new LinkedHashMap<>(outcome));
        theirs = List.copyOf(theirs);
        conflicts = Collections.unmodifiableMap(new LinkedHashMap<>(conflicts));
    }

    /**
     * Contacts by what happens to them.
     *
     * @param unknown on the server, and never in this client's phone book
     */
    public record Counts(int added, int changed, int deleted, int unchanged, int unknown) {}

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The server's book once the changes are applied. */
    public KnownBook after() {
        return before.withOurs(outcome);
    }
}
