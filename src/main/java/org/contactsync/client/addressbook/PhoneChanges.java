package org.contactsync.client.addressbook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/**
 * What an address book has, or what has changed in it.
 *
 * @param everything {@code contacts} and {@code notVisible} are all that there is: what is missing was deleted. Never true while the
 *     person lets this program see only some contacts
 * @param contacts by the book's own names
 * @param deleted of contacts that are certainly gone; not used with {@code everything}
 * @param notVisible of contacts that exist and cannot be read or are no valid cards: they stay as they are everywhere
 * @param marker for the next call
 */
public record PhoneChanges(
        boolean everything, Map<Uid, CanonicalCard> contacts, Set<Uid> deleted, Set<Uid> notVisible, String marker) {
    public PhoneChanges {
        contacts = Collections.unmodifiableMap(new LinkedHashMap<>(contacts));
        deleted = Set.copyOf(deleted);
        notVisible = Set.copyOf(notVisible);
    }
}
