package org.contactsync.sync.scrub;

import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Owner;
import org.jspecify.annotations.Nullable;

/** Rows as they are stored, whatever is in them. Reads committed data; needs no transaction and takes no lock. */
public interface ScrubRows {
    /**
     * A book to be scrubbed.
     *
     * @param key by which the book is found; it should be that of the owner
     * @param owner empty if the row names none
     */
    record Book(long id, String key, Optional<Owner> owner) {}

    /** The uids after {@code start}, up to and including {@code end} if there is one, as bytes. */
    record Range(byte[] start, Optional<byte[]> end) {}

    /** A contact or tombstone, unchecked. */
    record Row(byte[] uid, byte @Nullable [] card, byte @Nullable [] hash, int position, byte[] entry, long seq) {}

    /** The book with the next id. */
    Optional<Book> next(long after);

    /** Rows in the order of their uids; fewer than {@code most} only at the end of the range. */
    List<Row> rows(long book, long generation, Range range, int most);
}
