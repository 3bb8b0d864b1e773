package org.contactsync.protocol.request;

import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * The body of an incremental sync.
 *
 * @param changes no uid twice; at least one if nothing is lost
 * @param checkAfter the second check code as the client predicts it
 * @param confirmDeletes the user has confirmed that most of the book goes
 * @param lost cards that lost a conflict; no uid twice
 */
public record IncrementalSync(
        List<Change> changes,
        Optional<CheckCode> checkAfter,
        OnMismatch onMismatch,
        boolean confirmDeletes,
        List<LostCard> lost) {
    public IncrementalSync {
        changes = List.copyOf(changes);
        lost = List.copyOf(lost);
        if (changes.isEmpty() && lost.isEmpty()) {
            throw new IllegalArgumentException("changes: at least one");
        }
    }

    /** Changes alone. */
    public IncrementalSync(
            List<Change> changes, Optional<CheckCode> checkAfter, OnMismatch onMismatch, boolean confirmDeletes) {
        this(changes, checkAfter, onMismatch, confirmDeletes, List.of());
    }

    /** Lost cards alone. */
    public static IncrementalSync ofLost(List<LostCard> lost) {
        return new IncrementalSync(List.of(), Optional.empty(), OnMismatch.REBASE, false, lost);
    }
}
