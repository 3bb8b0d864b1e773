package org.contactsync.sync.reading;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.DigestTree;
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
     * What a digest tree needs of some contacts.
     *
     * @param rows for each contact {@link #ROW} bytes, in the order of uids: 4 of its position and 32 of its entry, big-endian
     * @param last the uid of the last one; empty if there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Packed(byte[] rows, Optional<Uid> last) {
        public static final int ROW = Integer.BYTES + EntrySum.BYTES;

        public static Packed of(List<Leaf> leaves) {
            ByteBuffer rows = ByteBuffer.allocate(leaves.size() * ROW);
            leaves.forEach(leaf ->
                    rows.putInt(leaf.position().value()).put(leaf.entry().bytes()));
            return new Packed(
                    rows.array(),
                    leaves.isEmpty()
                            ? Optional.empty()
                            : Optional.of(leaves.get(leaves.size() - 1).uid()));
        }

        public int count() {
            return rows.length / ROW;
        }

        public void addTo(DigestTree tree) {
            ByteBuffer in = ByteBuffer.wrap(rows);
            while (in.hasRemaining()) {
                Position position = new Position(in.getInt());
                tree.add(position, new EntrySum(in.getLong(), in.getLong(), in.getLong(), in.getLong()));
            }
        }
    }

    /** The same contacts as {@link #leaves(long, long, Optional, int)}, in a form in which a whole book is read soon. */
    default Packed packed(long book, long generation, Optional<Uid> after, int most) {
        return Packed.of(leaves(book, generation, after, most));
    }

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
