package org.contactsync.store;

import static org.contactsync.store.ContactSlices.GENERATION_APART;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.store.sql.Parameters;
import org.contactsync.sync.book.Contacts.FeedRow;

/**
 * Finds and removes the tombstones of one generation of a book along the index of the feed. Each statement has equality
 * conditions and one range. Thread-safe, as the container's entity manager is.
 */
final class Tombstones {
    private static final String ROWS =
            "select c.seq, c.uid, c.content_hash is null from contact c where c.book_id = ?1 and " + GENERATION_APART;
    private static final String IN_ORDER = " order by c.book_id, c.seq, c.uid limit ";
    private static final String REMOVE =
            "delete from contact c where c.book_id = ?1 and " + GENERATION_APART + " and c.content_hash is null";

    private final EntityManager em;
    private final long book;
    private final long generation;

    Tombstones(EntityManager em, long book, long generation) {
        this.em = em;
        this.book = book;
        this.generation = generation;
    }

    /** See {@link org.contactsync.sync.book.Contacts#feedRows}. */
    List<FeedRow> rows(long seq, Optional<Uid> after, long last, int most) {
        List<FeedRow> rows = new ArrayList<>();
        after.filter(uid -> seq <= last)
                .ifPresent(uid -> add(
                        rows, query(ROWS + " and c.seq = ?3 and c.uid > ?4" + IN_ORDER + "?5", seq, uid.utf8(), most)));
        if (rows.size() < most) {
            int rest = most - rows.size();
            add(rows, query(ROWS + " and c.seq > ?3 and c.seq <= ?4" + IN_ORDER + "?5", seq, last, rest));
        }
        return rows;
    }

    private static void add(List<FeedRow> rows, Query query) {
        for (Object each : query.getResultList()) {
            Object[] row = (Object[]) each;
            rows.add(new FeedRow(((Number) row[0]).longValue(), Uid.of((byte[]) row[1]), (Boolean) row[2]));
        }
    }

    /** See {@link org.contactsync.sync.book.Contacts#removeTombstones}. */
    void remove(long seq, Optional<Uid> after, FeedRow last) {
        byte[] end = last.uid().utf8();
        if (after.isPresent() && last.seq() == seq) {
            remove(
                    " and c.seq = ?3 and c.uid > ?4 and c.uid <= ?5",
                    seq,
                    after.get().utf8(),
                    end);
            return;
        }
        after.ifPresent(uid -> remove(" and c.seq = ?3 and c.uid > ?4", seq, uid.utf8()));
        if (last.seq() > seq + 1) {
            remove(" and c.seq > ?3 and c.seq < ?4", seq, last.seq());
        }
        remove(" and c.seq = ?3 and c.uid <= ?4", last.seq(), end);
    }

    private void remove(String range, Object... parameters) {
        query(REMOVE + range, parameters).executeUpdate();
    }

    /** @param parameters from the third on */
    private Query query(String sql, Object... parameters) {
        return Parameters.setFrom(
                3, em.createNativeQuery(sql).setParameter(1, book).setParameter(2, generation), parameters);
    }
}
