package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Parameters;

/**
 * The oldest change in the history of a book. Whoever removes a part of the history locks its row first; until then nothing is removed.
 * Thread-safe, as the container's entity manager is.
 */
final class OldestChange {
    private static final String FIRST = "select c.seq from book_change c where c.book_id = ?1 and " + HistorySql.KEPT
            + " order by c.book_id, c.seq limit 1";

    /** One row: locking all that might be removed would write to all of them. */
    private static final String LOCK = "select c.seq from book_change c where c.book_id = ?1 and c.seq = ?2 and "
            + HistorySql.KEPT + " for update";

    private final EntityManager em;

    OldestChange(EntityManager em) {
        this.em = em;
    }

    /** Locks it, unless another transaction has it: then the whole book is left to that one. Empty also if there is none. */
    OptionalLong claim(long book) {
        List<?> first = first(book);
        return first.isEmpty()
                        || rows(LOCK + " skip locked", book, first.get(0)).isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(JpaHistory.number(first.get(0)));
    }

    /** Locks it, and waits for another transaction that has it. That one may remove it: then the next one is the oldest. */
    void lock(long book) {
        List<?> first = first(book);
        while (!first.isEmpty() && rows(LOCK, book, first.get(0)).isEmpty()) {
            first = first(book);
        }
    }

    private List<?> first(long book) {
        return rows(FIRST, book);
    }

    private List<?> rows(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters).getResultList();
    }
}
