package org.contactsync.sync.book;

import java.util.Optional;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;

/**
 * A contact of one generation of a book, or the tombstone that says it was deleted.
 *
 * @param now card and hash; empty for a tombstone
 * @param entry the summand in the book's digest; of a tombstone the last one it had
 * @param seq of the book when this row was written
 */
public record StoredContact(
        Uid uid, Optional<Content> now, Position position, EntrySum entry, long seq, Optional<DeviceId> device) {}
