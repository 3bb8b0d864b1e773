package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;

/**
 * Generations that full uploads have replaced, in the table {@code retired_generation}: each stays until the history of its upload is
 * removed, and then goes the way of all garbage. Thread-safe, as the container's entity manager is.
 */
final class RetiredGenerations {
    private final EntityManager em;

    RetiredGenerations(EntityManager em) {
        this.em = em;
    }

    /** @param seq of the upload that replaced it */
    record Retired(long seq, long generation, long bytes) {}

    List<Retired> latestFirst(long book) {
        return list(
                "select r.seq, r.generation, r.staged_bytes from retired_generation r where r.book_id = ?1"
                        + " order by r.book_id, r.generation desc",
                book);
    }

    void add(long book, Retired retired) {
        query(
                        "insert into retired_generation (book_id, generation, seq, staged_bytes) values (?1, ?2, ?3, ?4)",
                        book,
                        retired.generation(),
                        retired.seq(),
                        retired.bytes())
                .executeUpdate();
    }

    /**
     * Removes the changes up to a number, and what they retired. Everybody who removes history locks the oldest change first, and a
     * generation is named for removal by the one that has deleted its row.
     */
    void forget(long book, long end) {
        waitForOldest(book);
        query("delete from book_change where book_id = ?1 and seq <= ?2", book, end)
                .executeUpdate();
        for (Retired each : list(
                "select r.seq, r.generation, r.staged_bytes from retired_generation r where r.book_id = ?1 and r.seq <= ?2",
                book,
                end)) {
            int mine = query(
                            "delete from retired_generation where book_id = ?1 and generation = ?2",
                            book,
                            each.generation())
                    .executeUpdate();
            if (mine == 1) {
                query(
                                "insert into garbage (book_id, generation, of_book, staged_bytes) values (?1, ?2, ?1, ?3)",
                                book,
                                each.generation(),
                                each.bytes())
                        .executeUpdate();
            }
        }
    }

    /** The sweeper may have it, and remove it: then the next one is the oldest. */
    private void waitForOldest(long book) {
        List<?> oldest;
        do {
            oldest = query(
                            "select c.seq from book_change c where c.book_id = ?1 order by c.book_id, c.seq limit 1",
                            book)
                    .getResultList();
        } while (!oldest.isEmpty()
                && query(
                                "select c.seq from book_change c where c.book_id = ?1 and c.seq = ?2 for update",
                                book,
                                oldest.get(0))
                        .getResultList()
                        .isEmpty());
    }

    private List<Retired> list(String sql, Object... parameters) {
        List<?> rows = query(sql, parameters).getResultList();
        return rows.stream()
                .map(each -> (Object[]) each)
                .map(row ->
                        new Retired(JpaHistory.number(row[0]), JpaHistory.number(row[1]), JpaHistory.number(row[2])))
                .toList();
    }

    private Query query(String sql, Object... parameters) {
        Query query = em.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }
}
