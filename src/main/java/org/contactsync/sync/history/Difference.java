package org.contactsync.sync.history;

import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/**
 * A contact that is not what it was.
 *
 * @param past what it was; empty if it did not exist
 * @param now its present content; empty if it does not exist
 */
public record Difference(Uid uid, Optional<PastLeaf> past, Optional<ContentHash> now) {
    public Difference {
        if (past.map(PastLeaf::hash).equals(now)) {
            throw new IllegalArgumentException("no difference");
        }
    }

    /** Bytes that the change back has in a step. */
    public int bytes() {
        return past.map(PastLeaf::bytes).orElse(0);
    }
}
