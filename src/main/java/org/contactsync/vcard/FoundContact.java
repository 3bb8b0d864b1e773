package org.contactsync.vcard;

import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/**
 * A contact found in a file.
 *
 * @param uid its name in the book
 * @param card its canonical bytes, at most 256 KiB
 * @param label what a person calls it, e.g. {@code contact 12 (Ada Lovelace)}
 */
public record FoundContact(Uid uid, CanonicalCard card, String label) {}
