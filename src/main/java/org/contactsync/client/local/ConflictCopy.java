package org.contactsync.client.local;

import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/**
 * A card that had to give way, at least in part, when two devices had changed one contact.
 *
 * @param id for {@link Conflicts#drop}
 * @param card as it was, whole
 * @param ofPhone it is this device's own; otherwise the server's
 * @param atMillis when, since 1970
 */
public record ConflictCopy(long id, Uid uid, CanonicalCard card, boolean ofPhone, long atMillis) {}
