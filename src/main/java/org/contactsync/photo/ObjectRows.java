package org.contactsync.photo;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What the store of pieces may have. A row is written before the first piece of an upload, and removed when no piece of it is left, so there
 * is no piece without one. Methods that change something need a transaction of their own.
 */
public interface ObjectRows {
    /**
     * The pieces of an upload.
     *
     * @param pieces there are none from this number on
     * @param begun when the upload began, by the database's clock
     * @param isUsed whether it is a photo, or may become one
     * @param place see {@link PhotoObjects#place}
     */
    record Row(UUID upload, int pieces, Instant begun, boolean isUsed, String place) {}

    /** Rows in the order of their ids, after {@code after}; fewer than {@code most} only at the end. */
    List<Row> list(UUID after, int most);

    /** Removes a row, when its pieces are gone. */
    void forget(UUID upload);
}
