package org.contactsync.client.compare;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;

/**
 * The phone's contact book.
 *
 * @param contacts by uid, in the order of the uids' text, so that the same book makes the same requests
 * @param leftOut contacts that the phone has and that cannot be sent: on the server they stay as they are
 */
public record PhoneBook(Map<Uid, CanonicalCard> contacts, Set<Uid> leftOut) {
    public PhoneBook {
        TreeMap<Uid, CanonicalCard> sorted = new TreeMap<>(KnownBook.ORDER);
        sorted.putAll(contacts);
        contacts = Collections.unmodifiableSortedMap(sorted);
        leftOut = Set.copyOf(leftOut);
    }

    /** @throws IllegalArgumentException when a uid stands twice */
    public static PhoneBook of(List<FoundContact> contacts, Set<Uid> leftOut) {
        TreeMap<Uid, CanonicalCard> byUid = new TreeMap<>(KnownBook.ORDER);
        for (FoundContact contact : contacts) {
            if (byUid.put(contact.uid(), contact.card()) != null) {
                throw new IllegalArgumentException("contacts: a uid stands twice");
            }
        }
        return new PhoneBook(byUid, leftOut);
    }
}
