package org.contactsync.client;

import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.KnownBook.KnownContact;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.state.SyncState;
import org.contactsync.contact.Uid;

/**
 * Corrects the client's knowledge after the server's book was restored from a backup: its sequence number went back, or its
 * check key is different. Then a card that differs is not newer there, it is older.
 *
 * <pre>
 *   phone                    server                           counts as
 *   as last agreed           another than last agreed         sent before as the server has it: it is sent again
 *   changed since            another                          never agreed: a conflict, the server's card is kept
 *   has it                   as this client knew it           known as before
 *   has it not               has it                           never sent: it is not deleted
 * </pre>
 */
final class RestoredBook {
    private final SyncState before;
    private final KnownBook now;
    private final boolean sameKey;

    /** @param sameKey the hashes of both books have the same key, and so can be compared */
    RestoredBook(SyncState before, KnownBook now, boolean sameKey) {
        this.before = before;
        this.now = now;
        this.sameKey = sameKey;
    }

    /** The server's book, with what may be assumed of the contacts that this phone book has. */
    KnownBook as(PhoneBook phone) {
        CheckCodes codes = before.codes();
        TreeMap<Uid, KnownContact> contacts = new TreeMap<>(KnownBook.ORDER);
        now.contacts().forEach((uid, contact) -> contacts.put(uid, contact(uid, contact.onServer(), phone, codes)));
        return new KnownBook(contacts);
    }

    private KnownContact contact(Uid uid, ContentHash onServer, PhoneBook phone, CheckCodes codes) {
        CanonicalCard card = phone.contacts().get(uid);
        KnownContact known = before.known().contacts().get(uid);
        if (card == null || known == null) {
            return new KnownContact(onServer, Optional.empty());
        }
        if (sameKey && known.onServer().equals(onServer)) {
            return known;
        }
        boolean asAgreed = !known.changedByOthers() && known.sent().equals(Optional.of(codes.contentHash(card)));
        return new KnownContact(onServer, asAgreed ? Optional.of(onServer) : Optional.empty());
    }
}
