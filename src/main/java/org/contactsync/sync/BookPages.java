package org.contactsync.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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

    /**
     * Hands over, one after the other and in no order, the live contacts whose position starts with one of {@code prefixes}
     * (0 to 4 hex digits each), each contact once. One pass over the book, and never more than a part of it in memory.
     */
    void eachLeaf(long book, long generation, List<String> prefixes, Consumer<Leaf> taker);

    /** What {@link #eachLeaf} hands over. */
    default List<Leaf> leaves(long book, long generation, List<String> prefixes) {
        List<Leaf> leaves = new ArrayList<>();
        eachLeaf(book, generation, prefixes, leaves::add);
        return leaves;
    }
}
