package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import org.contactsync.contact.Uid;
import org.contactsync.store.keyed.PastVersionsSql;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;

/**
 * Finds out whether tasks that are not recorded may have changed contacts: an earlier version, which may run beside this one, records none.
 * The row of a contact tells, a tombstone too. Tombstones are removed one day, and stay behind when a full upload replaces the book: up to
 * {@code book.changes_from} a contact without a row tells nothing. Thread-safe, as the container's entity manager is.
 */
final class Gaps {
    /** No number is missing. */
    static final long NONE = -1;

    /** Parameter 1 is the book; the last change up to the first one after {@code changes_from}. */
    private static final String REACH = "select b.changes_from, (select c.seq from book_change c"
            + " where c.book_id = b.id and c.seq <= b.changes_from + 1 and " + HistorySql.KEPT
            + " order by c.book_id desc, c.seq desc limit 1) from book b where b.id = ?1";

    private static final String ROW = "select c.seq, case when c.card is null then 1 else 0 end from contact c"
            + " where c.book_id = ?1 and c.generation = ?2 and c.uid = ?3";

    private final EntityManager em;
    private final long book;

    Gaps(EntityManager em, long book) {
        this.em = em;
        this.book = book;
    }

    /** The last number that is missing and is not above {@code changes_from}, or a lower one than any that is recorded. */
    long last() {
        Object[] reach = (Object[]) query(REACH, book).getSingleResult();
        long from = JpaHistory.number(reach[0]);
        if (from == 0 || reach[1] == null) {
            return NONE;
        }
        if (JpaHistory.number(reach[1]) < from) {
            return from;
        }
        List<?> found = query(PastVersionsSql.BEFORE_MISSING, book, from + 1).getResultList();
        return found.stream().findFirst().map(seq -> JpaHistory.number(seq) - 1).orElse(NONE);
    }

    /** Whether nothing can have changed a contact between the end of a version and its deletion; true if it is not deleted. */
    boolean isLast(long generation, Uid uid, long until) {
        List<?> rows = query(ROW, book, generation, uid.utf8()).getResultList();
        return rows.stream()
                .findFirst()
                .map(row -> (Object[]) row)
                .map(row -> JpaHistory.number(row[1]) == 0 || JpaHistory.number(row[0]) <= until)
                .orElseGet(() -> until > last());
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(ReadingTime.bound(em.createNativeQuery(sql)), parameters);
    }
}
