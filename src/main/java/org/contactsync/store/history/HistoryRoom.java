package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import java.util.List;
import org.contactsync.protocol.Limits;
import org.contactsync.sync.book.ContactChanges.Few;
import org.contactsync.sync.book.ContactChanges.Switched;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.task.BookUpdate;

/**
 * Keeps the history of a book bounded whenever the sweeper comes: who adds to a history that is too large removes the oldest part of it,
 * more than was added, in the same transaction. A change of one contact looks only now and then. Thread-safe, as the container's entity
 * manager is.
 */
public final class HistoryRoom {
    /** Changes of one contact between two looks: together some 16 MiB at most. */
    private static final int EVERY = 64;

    /** Versions that a look removes at least: many more than those that came since the last one. */
    private static final int ROWS = 1_000;

    private static final int AT_ONCE = 20_000;

    /** What the last change added. */
    private static final String ADDED = "select coalesce(b.history_bytes, 0) - c.bytes_before from book b"
            + " join book_change c on c.book_id = b.id and c.seq = ?2 where b.id = ?1";

    private final EntityManager em;
    private final HistoryRetention retention;
    private final Bounds most;

    /** @param most from which on the history is shortened here */
    public HistoryRoom(EntityManager em, Bounds most) {
        this.em = em;
        this.retention = new JpaHistoryRetention(em);
        this.most = most;
    }

    /** After the update has been written. */
    public void look(BookUpdate update) {
        long book = update.before().id();
        if (isDue(update) && retention.exceeds(book, most)) {
            // Each version counts for at least as many bytes as it is divided by here: not fewer bytes go than have
            // come.
            shorten(book, ROWS + versionBytes(update) / Limits.STAGED_ROW);
        }
    }

    private static boolean isDue(BookUpdate update) {
        if (!update.changesBook()) {
            return false;
        }
        boolean one = update.lost().isEmpty()
                && update.contacts() instanceof Few few
                && few.writes().contacts().size() <= 1;
        return !one || isTurn(update);
    }

    /** Whether an update looks even if it changes one contact only. It may remove much then, and is not to be written with those of others. */
    public static boolean isTurn(BookUpdate update) {
        return update.changesBook() && update.after().seq() % EVERY == 0;
    }

    /** A generation that was replaced is bounded where it is kept. */
    private long versionBytes(BookUpdate update) {
        if (update.contacts() instanceof Switched) {
            return 0;
        }
        List<?> added = em.createNativeQuery(ADDED)
                .setParameter(1, update.before().id())
                .setParameter(2, update.after().seq())
                .getResultList();
        return added.isEmpty() ? 0 : JpaHistory.number(added.get(0));
    }

    /** In small steps: one ends after so many changes, whatever versions they have. */
    private void shorten(long book, long rows) {
        long left = rows;
        boolean more = true;
        while (more && left > 0) {
            int step = left < AT_ONCE ? ROWS : AT_ONCE;
            more = retention.shorten(book, step, most);
            left -= step;
        }
    }
}
