package org.contactsync.protocol.request;

import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * The body of an incremental sync.
 *
 * @param changes at least one; no uid twice
 * @param checkAfter the second check code as the client predicts it
 * @param confirmDeletes the user has confirmed that most of the book goes
 */
public record IncrementalSync(
        List<Change> changes, Optional<CheckCode> checkAfter, OnMismatch onMismatch, boolean confirmDeletes) {
    public IncrementalSync {
        changes = List.copyOf(changes);
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("changes: at least one");
        }
    }
}
