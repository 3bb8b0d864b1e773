package org.contactsync.sync.reading;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.Sha256;

/**
 * The digest tree of a book, three levels deep, at a sequence number: each node below which no contact was changed after {@code seq} is
 * that of the contacts.
 *
 * @param book id of its row
 * @param tree not modified any more
 */
public record BookTree(long book, long generation, long seq, DigestTree tree) {
    /** Depth: 4,096 nodes, 160 KiB. */
    public static final int LEVELS = 3;

    /** Smaller books are read in some hundred milliseconds at most; their trees are not stored. */
    public static final int LEAST_CONTACTS = 20_000;

    /** Of the bytes: a release that changes their meaning takes the next number. */
    public static final int FORM = 1;

    private static final byte[] KIND = "contact-sync book tree".getBytes(StandardCharsets.US_ASCII);

    /**
     * A tree as it is stored.
     *
     * @param nodes of the lowest level, see {@link DigestTree#lowestNodes}
     * @param checksum of everything else and of the book that it belongs to
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Row(long generation, long seq, byte[] nodes, byte[] checksum) {}

    /** The stored tree of a book; empty if the row is not what was written for this book. */
    public static Optional<BookTree> of(long book, Row row) {
        if (!MessageDigest.isEqual(row.checksum(), checksum(book, row.generation(), row.seq(), row.nodes()))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BookTree(book, row.generation(), row.seq(), DigestTree.of(LEVELS, row.nodes())));
        } catch (IllegalArgumentException noTree) {
            return Optional.empty();
        }
    }

    public Row row() {
        byte[] nodes = tree.lowestNodes();
        return new Row(generation, seq, nodes, checksum(book, generation, seq, nodes));
    }

    private static byte[] checksum(long book, long generation, long seq, byte[] nodes) {
        MessageDigest digest = Sha256.start();
        digest.update(KIND);
        digest.update(ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(book)
                .putLong(generation)
                .putLong(seq)
                .array());
        return digest.digest(nodes);
    }
}
