package org.contactsync.protocol;

import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/**
 * What others changed since the check code that a client named, so that one more request is the exception.
 *
 * @param changes the latest change of each contact in the order of the book's sequence
 * @param since where the feed goes on when {@code changes} is not all of them; empty: it is all
 */
public record Missed(List<BookChange> changes, Optional<Long> since) {
    /** So many changes are told inline. */
    public static final int INLINE_CHANGES = 100;

    /** So many bytes of cards are told inline. */
    public static final int INLINE_BYTES = 256 * 1024;

    public Missed {
        changes = List.copyOf(changes);
    }

    /**
     * One contact of the changes feed.
     *
     * @param seq of the book after the task that changed it
     * @param now what the contact is now; empty when it was deleted
     */
    public record BookChange(long seq, Uid uid, Optional<Content> now, Optional<DeviceId> device) {}

    /** A contact's card and its hash. */
    public record Content(CanonicalCard card, ContentHash hash) {}
}
