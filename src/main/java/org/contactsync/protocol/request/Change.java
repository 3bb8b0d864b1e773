package org.contactsync.protocol.request;

import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/** One change of a contact book. */
public sealed interface Change {
    Uid uid();

    /** What the contact must be before the change, when the client says so. */
    Optional<Expected> expected();

    /** Whether it is one of {@link #withoutEffect}, or as good as that: a delete of a contact that must not exist. */
    default boolean isWithoutEffect() {
        return this instanceof Delete && expected().equals(Optional.of(Expected.ABSENT));
    }

    /** The contact becomes {@code card}, whether or not it was there. */
    record Put(Uid uid, CanonicalCard card, Optional<Expected> expected) implements Change {}

    /** The contact is no more. */
    record Delete(Uid uid, Optional<Expected> expected) implements Change {}

    /**
     * A change without effect: nobody has such a contact. It keeps the place of one that is not sent on, so that the others keep theirs.
     *
     * @param unique no other one of a task has it
     */
    static Change withoutEffect(UUID unique) {
        return new Delete(new Uid("urn:uuid:" + unique), Optional.of(Expected.ABSENT));
    }

    /**
     * The value of {@code ifContentHash}.
     *
     * @param hash of the contact as it must be; empty ({@code null} on the wire): it must not exist
     */
    record Expected(Optional<ContentHash> hash) {
        public static final Expected ABSENT = new Expected(Optional.empty());

        /** A hash that no card has. */
        public static final Expected IMPOSSIBLE =
                new Expected(Optional.of(ContentHash.of(new byte[ContentHash.BYTES])));
    }
}
