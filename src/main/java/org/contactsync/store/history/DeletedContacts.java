package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import java.util.Optional;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;

/**
 * Finds the last versions of contacts that are not in a book, the latest first. Each version is looked up: is the contact in the book, or does
 * it have a later version? Thread-safe, as the container's entity manager is.
 */
final class DeletedContacts {
    /** Keys that one statement looks at. */
    private static final int SLICE = 500;

    private final PastVersions versions;
    private final VersionSlices slices;
    private final Gaps gaps;
    private final long generation;

    DeletedContacts(EntityManager em, long book, long generation) {
        versions = new PastVersions(em, book);
        slices = new VersionSlices(versions, generation, SLICE);
        gaps = new Gaps(em, book);
        this.generation = generation;
    }

    Page page(Optional<Place> after, RowPage.Bounds bounds) {
        long gap = gaps.last();
        return slices.page(
                after,
                bounds,
                slice -> versions.gone(
                        slice.keys(), slice.ofGeneration(), generation, gap, bounds.rows() + 1, slice.parameters()));
    }
}
