package org.contactsync.protocol.problem;

import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.Content;

/**
 * A contact that is not as a change expects it.
 *
 * @param index of the change in its request
 * @param actual the contact's hash now; empty when it does not exist
 * @param card of that hash, if it is told
 * @param ancestor the content that was expected, if it is told
 * @param more whether the versions of the contact may say more than is told here
 */
public record Conflict(
        Uid uid,
        int index,
        Optional<ContentHash> actual,
        Optional<CanonicalCard> card,
        Optional<Content> ancestor,
        boolean more) {
    /** Without cards. */
    public Conflict(Uid uid, int index, Optional<ContentHash> actual) {
        this(uid, index, actual, Optional.empty(), Optional.empty(), false);
    }

    Conflict withoutCards() {
        return new Conflict(uid, index, actual);
    }
}
