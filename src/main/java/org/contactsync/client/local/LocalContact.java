package org.contactsync.client.local;

import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/**
 * One contact, as three places have it.
 *
 * @param uid on the server
 * @param phoneUid what the phone calls it; empty: the phone does not have it
 * @param card as it is to be everywhere; empty: it is deleted
 * @param written the version of {@code card} that the phone was last brought to, or that its own edit led to; empty: none
 * @param seen how the phone shows that version: a phone may not be able to hold all of a card; empty: the phone does not have it
 * @param server what the server has; empty: it does not have the contact
 * @param held the server refused to take this content from a task that no person started (protocol 4.3.11)
 */
public record LocalContact(
        Uid uid,
        Optional<Uid> phoneUid,
        Optional<CanonicalCard> card,
        Optional<CanonicalCard> written,
        Optional<CanonicalCard> seen,
        Optional<OnServer> server,
        boolean held) {
    /**
     * What the server has.
     *
     * @param hash under the book's check key
     */
    public record OnServer(CanonicalCard card, ContentHash hash) {}

    /** A contact of which nothing is known. */
    public static LocalContact none(Uid uid) {
        return new LocalContact(
                uid, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /** The server has yet to get it. */
    public boolean isUp() {
        return !server.map(OnServer::card).equals(card);
    }

    /** The phone has yet to get it. */
    public boolean isDown() {
        return !written.equals(card);
    }

    public Optional<ContentHash> serverHash() {
        return server.map(OnServer::hash);
    }

    boolean isNothing() {
        return card.isEmpty() && written.isEmpty() && seen.isEmpty() && server.isEmpty();
    }

    /** The phone was seen to have {@code shown}, which stands for {@code version}. */
    public LocalContact withPhone(Optional<Uid> as, Optional<CanonicalCard> version, Optional<CanonicalCard> shown) {
        return new LocalContact(uid, shown.isPresent() ? as : Optional.empty(), card, version, shown, server, held);
    }

    public LocalContact withCard(Optional<CanonicalCard> other) {
        return new LocalContact(uid, phoneUid, other, written, seen, server, held && other.equals(card));
    }

    public LocalContact withServer(Optional<OnServer> other) {
        return new LocalContact(uid, phoneUid, card, written, seen, other, held && other.equals(server));
    }

    public LocalContact withHeld() {
        return new LocalContact(uid, phoneUid, card, written, seen, server, true);
    }

    /** The same contact under the server's name for it. */
    public LocalContact named(Uid other) {
        return new LocalContact(other, phoneUid, card, written, seen, server, held);
    }
}
