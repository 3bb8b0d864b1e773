package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Parameters;

/**
 * Generations that full uploads have replaced, in the table {@code retired_generation}: each stays until the history of its upload is
 * removed, and then goes the way of all garbage. Thread-safe, as the container's entity manager is.
 */
final class RetiredGenerations {
    private final EntityManager em;
    private final OldestChange oldest;

    RetiredGenerations(EntityManager em) {
        this.em = em;
        oldest = new OldestChange(em);
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

    /** Removes the changes up to a number, and what they retired. A later change of the book must exist, or be about to be written. */
    void forget(long book, long end) {
        oldest.lock(book);
        query("delete from book_change where book_id = ?1 and seq <= ?2", book, end)
                .executeUpdate();
        release(book, end);
    }

    /**
     * Removes the changes up to a number from the history, and what they retired. The row of the book's last change stays for webhooks
     * ({@link HistorySql#EXPIRED}), without the device.
     */
    void expire(long book, long end) {
        oldest.lock(book);
        long last = last(book);
        if (last <= end) {
            query(
                            "update book_change set origin = '" + HistorySql.EXPIRED
                                    + "', device = null where book_id = ?1 and seq = ?2",
                            book,
                            last)
                    .executeUpdate();
        }
        query("delete from book_change where book_id = ?1 and seq <= ?2", book, Math.min(end, last - 1))
                .executeUpdate();
        release(book, end);
    }

    private long last(long book) {
        List<?> found = query(
                        "select c.seq from book_change c where c.book_id = ?1 order by c.book_id desc, c.seq desc limit 1",
                        book)
                .getResultList();
        return found.isEmpty() ? 0 : JpaHistory.number(found.get(0));
    }

    /** A generation is named for removal by the one that has deleted its row. */
    private void release(long book, long end) {
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

    private List<Retired> list(String sql, Object... parameters) {
        List<?> rows = query(sql, parameters).getResultList();
        return rows.stream()
                .map(each -> (Object[]) each)
                .map(row ->
                        new Retired(JpaHistory.number(row[0]), JpaHistory.number(row[1]), JpaHistory.number(row[2])))
                .toList();
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }
}
