package org.contactsync.sync.reading;

import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;

/**
 * Reads the committed contacts of one generation of a book, a slice at a time: each method follows an index from where the last
 * slice ended and costs what it returns, whatever the size of the book. Needs no transaction.
 */
public interface BookPages {
    /** The data of a contact in the digest tree. */
    record Leaf(Uid uid, ContentHash hash, Position position, EntrySum entry) {}

    /** Live contacts in the order of their uids, after {@code after}. */
    RowPage contacts(long book, long generation, Optional<Uid> after, RowPage.Bounds bounds);

    /** The live contact. */
    Optional<StoredContact> contact(long book, long generation, Uid uid);

    /** Leaves of live contacts in the order of their uids, after {@code after}; fewer than {@code most} only at the end. */
    List<Leaf> leaves(long book, long generation, Optional<Uid> after, int most);

    /**
     * Leaves of the live contacts in {@code range}, in the order of their positions and uids; fewer than {@code most} only at the
     * end.
     *
     * @param after skips rows at the range's first position up to this uid; empty to skip none
     */
    List<Leaf> leaves(long book, long generation, PositionRange range, Optional<Uid> after, int most);

    /**
     * The positions of contacts and tombstones changed after {@code seq}: one for each, at most {@code most}, in the order
     * of the feed.
     */
    List<Position> changedPositions(long book, long generation, long seq, int most);
}
