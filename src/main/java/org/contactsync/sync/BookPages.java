package org.contactsync.sync;

import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;

/** Reads the committed contacts of one generation of a book. Needs no transaction. */
public interface BookPages {
    /** What the digest tree has of a contact. */
    record Leaf(Uid uid, ContentHash hash, Position position, EntrySum entry) {}

    /** Live contacts in the order of their uids, after {@code after}, at most {@code most}. */
    List<StoredContact> contacts(long book, long generation, Optional<Uid> after, int most);

    /** The live contact. */
    Optional<StoredContact> contact(long book, long generation, Uid uid);

    /** Live contacts whose position starts with one of {@code prefixes} (0 to 4 hex digits each), in no order. */
    List<Leaf> leaves(long book, long generation, List<String> prefixes);
}
