package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.store.row.TaskRow;
import org.contactsync.sync.history.HistoryRetention;

/**
 * Removes history along the keys of {@code book_change} and {@code contact_version}, both in the order of sequence numbers. Thread-safe, as
 * the container's entity manager is.
 */
public final class JpaHistoryRetention implements HistoryRetention {
    private static final String OF_OLDEST =
            " from book_change c where c.book_id = b.id order by c.book_id, c.seq limit 1)";

    /** The oldest change of a book says whether any is to be removed: it is looked up for each book, whatever the planner knows. */
    private static final String EXCEEDING = "select b.id from book b where b.id > ?1 and b.id <= ?2"
            + " and ((select c.at_micros" + OF_OLDEST + " < ?3 or (select c.seq" + OF_OLDEST + " <= b.seq - ?4"
            + " or b.history_bytes - (select c.bytes_before" + OF_OLDEST + " > ?5) order by b.id";

    private static final String OLDEST = "select c.seq, c.at_micros, c.bytes_before from book_change c"
            + " where c.book_id = ?1 order by c.book_id, c.seq limit ?2 for update skip locked";

    private static final String LAST_VERSION = "select v.until_seq, v.uid from contact_version v"
            + " where v.book_id = ?1 and v.until_seq <= ?2 order by v.book_id, v.until_seq, v.uid limit 1 offset ?3";

    private final EntityManager em;

    public JpaHistoryRetention(EntityManager em) {
        this.em = em;
    }

    @Override
    public Part find(long after, int most, Bounds bounds) {
        Object last = query(
                        "select max(id) from (select id from book where id > ?1 order by id limit ?2) b", after, most)
                .getResultList()
                .get(0);
        if (last == null) {
            return new Part(List.of(), OptionalLong.empty());
        }
        List<?> ids = query(EXCEEDING, after, last, TaskRow.micros(bounds.from()), bounds.changes(), bounds.bytes())
                .getResultList();
        return new Part(ids.stream().map(JpaHistoryRetention::number).toList(), OptionalLong.of(number(last)));
    }

    @Override
    public boolean shorten(long book, int most, Bounds bounds) {
        List<?> oldest = query(OLDEST, book, most).getResultList();
        if (oldest.isEmpty()) {
            return false;
        }
        Object[] now = (Object[]) query("select seq, coalesce(history_bytes, 0) from book where id = ?1", book)
                .getSingleResult();
        long from = TaskRow.micros(bounds.from());
        long lastKept = number(now[0]) - bounds.changes();
        long bytes = number(now[1]);
        long end = -1;
        int exceeding = 0;
        for (Object each : oldest) {
            Object[] change = (Object[]) each;
            boolean exceeds = number(change[1]) < from
                    || number(change[0]) <= lastKept
                    || bytes - number(change[2]) > bounds.bytes();
            if (!exceeds) {
                break;
            }
            end = number(change[0]);
            exceeding++;
        }
        if (exceeding == 0) {
            return false;
        }
        List<?> cut = query(LAST_VERSION, book, end, most - 1).getResultList();
        if (cut.isEmpty()) {
            query("delete from contact_version where book_id = ?1 and until_seq <= ?2", book, end)
                    .executeUpdate();
            forget(book, end);
            return exceeding == most;
        }
        Object[] version = (Object[]) cut.get(0);
        long seq = number(version[0]);
        query("delete from contact_version where book_id = ?1 and until_seq < ?2", book, seq)
                .executeUpdate();
        query("delete from contact_version where book_id = ?1 and until_seq = ?2 and uid <= ?3", book, seq, version[1])
                .executeUpdate();
        forget(book, seq - 1);
        return true;
    }

    /** Removes the changes that have no versions any more; a generation that one of them retired goes the way of all garbage. */
    private void forget(long book, long end) {
        query(
                        "insert into garbage (book_id, generation, of_book, staged_bytes)"
                                + " select r.book_id, r.generation, r.book_id, r.staged_bytes from retired_generation r"
                                + " where r.book_id = ?1 and r.seq <= ?2",
                        book,
                        end)
                .executeUpdate();
        query("delete from retired_generation where book_id = ?1 and seq <= ?2", book, end)
                .executeUpdate();
        query("delete from book_change where book_id = ?1 and seq <= ?2", book, end)
                .executeUpdate();
    }

    private Query query(String sql, Object... parameters) {
        Query query = em.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
