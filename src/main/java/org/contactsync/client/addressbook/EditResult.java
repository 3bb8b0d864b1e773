package org.contactsync.client.addressbook;

import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** What became of an edit. */
public sealed interface EditResult {
    /**
     * It is made.
     *
     * @param uid what the book calls the contact
     * @param shown how the book shows it now; empty: it is gone
     */
    record Made(Uid uid, Optional<CanonicalCard> shown) implements EditResult {}

    /** The contact is not what the edit expected: somebody was faster. Nothing was done. */
    record Moved() implements EditResult {}

    /** The book cannot have it so, now or later: it is read-only, or has no room for it. Nothing was done. */
    record Impossible(String reason) implements EditResult {}
}
