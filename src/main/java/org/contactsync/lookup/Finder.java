package org.contactsync.lookup;

import java.util.List;
import org.contactsync.contact.Uid;
import org.contactsync.lookup.LookupRows.Entry;
import org.contactsync.lookup.LookupRows.Index;
import org.contactsync.protocol.lookup.Mark;

/** Gathers the contacts that one look-up finds. One thread at a time. */
interface Finder {
    /** What the index has; entries of contacts that the index has not come to yet are left out by the caller of {@link #put}. */
    List<Entry> read(LookupRows rows, long book, Index index);

    /** A contact with an entry that may be what is looked for. */
    void put(Uid uid, String entry, String label, String name, int marks);

    /** A contact that has been changed since it was put. */
    void remove(Uid uid);

    /** The contact as it is now. */
    default void put(Uid uid, IndexedCard card) {
        int marks = Mark.bits(card.marks());
        card.entries().forEach((entry, label) -> put(uid, entry, label, card.name(), marks));
    }
}
