package org.contactsync.client.addressbook;

import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** A change that the client makes in an address book. */
public sealed interface Edit {
    /**
     * A new contact.
     *
     * @param uid what the server calls it, or another name if a contact of the book is called so; the book may choose one of its own
     */
    record Add(Uid uid, CanonicalCard card) implements Edit {}

    /** Another card for a contact that the book shows as {@code expected}. */
    record Change(Uid uid, CanonicalCard expected, CanonicalCard card) implements Edit {}

    /** The end of a contact that the book shows as {@code expected}. */
    record Remove(Uid uid, CanonicalCard expected) implements Edit {}

    /** The book's name of the contact, or the server's of one that is new. */
    Uid uid();

    /** What the book must show for the edit to be made; empty: nothing. */
    default Optional<CanonicalCard> expects() {
        if (this instanceof Change change) {
            return Optional.of(change.expected());
        }
        return this instanceof Remove remove ? Optional.of(remove.expected()) : Optional.empty();
    }
}
