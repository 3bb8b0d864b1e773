package org.contactsync.protocol.request;

import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/** One change of a contact book. */
public sealed interface Change {
    Uid uid();

    /** What the contact must be before the change, when the client says so. */
    Optional<Expected> expected();

    /** The contact becomes {@code card}, whether or not it was there. */
    record Put(Uid uid, CanonicalCard card, Optional<Expected> expected) implements Change {}

    /** The contact is no more. */
    record Delete(Uid uid, Optional<Expected> expected) implements Change {}

    /**
     * The value of {@code ifContentHash}.
     *
     * @param hash of the contact as it must be; empty ({@code null} on the wire): it must not exist
     */
    record Expected(Optional<ContentHash> hash) {
        public static final Expected ABSENT = new Expected(Optional.empty());
    }
}
