package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.store.row.TaskRow;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Parameters;
import org.contactsync.sync.history.HistoryRetention;

/**
 * Removes history along the keys of {@code book_change} and {@code contact_version}, both in the order of sequence numbers. Thread-safe, as
 * the container's entity manager is.
 */
public final class JpaHistoryRetention implements HistoryRetention {
    private static final String OF_OLDEST =
            " from book_change c where c.book_id = b.id and " + HistorySql.KEPT + " order by c.book_id, c.seq limit 1)";

    /**
     * The oldest change of a book says whether any is to be removed: it is looked up for each book, whatever the planner knows. So are the
     * oldest version and the oldest lost card: without its change it is left over from a history that was cut.
     */
    private static final String EXCEEDING = "select b.id from book b where b.id > ?1 and b.id <= ?2"
            + " and ((select c.at_micros" + OF_OLDEST + " < ?3 or (select c.seq" + OF_OLDEST + " <= b.seq - ?4"
            + " or b.history_bytes - (select c.bytes_before" + OF_OLDEST
            + " > ?5 or (select v.until_seq from contact_version v"
            + " where v.book_id = b.id order by v.book_id, v.until_seq, v.uid limit 1) < (select c.seq" + OF_OLDEST
            + " or (select l.seq from lost_version l where l.book_id = b.id order by l.book_id, l.seq, l.uid limit 1)"
            + " < coalesce((select c.seq" + OF_OLDEST + ", " + Long.MAX_VALUE + ")) order by b.id";

    /** Cards whose changes are all gone: a version that does not know them has removed those. */
    private static final String ORPHANS = "delete from lost_version where book_id = ?1"
            + " and not exists (select 1 from book_change c where c.book_id = ?1 and " + HistorySql.KEPT + ")";

    private static final String LAST_LOST = "select l.seq from lost_version l where l.book_id = ?1 and l.seq <= ?2"
            + " order by l.book_id, l.seq, l.uid limit 1 offset ?3";

    private static final String FIGURES = "select coalesce(sum(h.bytes), 0), min(h.at_micros) from (select"
            + " b.history_bytes - (select c.bytes_before" + OF_OLDEST + " as bytes, (select c.at_micros" + OF_OLDEST
            + " as at_micros from book b where b.id > ?1 and b.id <= ?2) h";

    private static final String OLDEST = "select c.seq, c.at_micros, c.bytes_before from book_change c"
            + " where c.book_id = ?1 and " + HistorySql.KEPT + " order by c.book_id, c.seq limit ?2";

    /** Changes that one step removes at most. */
    private static final int CHANGES = 1_000;

    private static final String LAST_VERSION = "select v.until_seq, v.uid from contact_version v"
            + " where v.book_id = ?1 and v.until_seq <= ?2 order by v.book_id, v.until_seq, v.uid limit 1 offset ?3";

    private final EntityManager em;
    private final OldestChange oldest;
    private final RetiredGenerations generations;

    public JpaHistoryRetention(EntityManager em) {
        this.em = em;
        oldest = new OldestChange(em);
        generations = new RetiredGenerations(em);
    }

    @Override
    public Part find(long after, int most, Bounds bounds) {
        Object last = query(
                        "select max(id) from (select id from book where id > ?1 order by id limit ?2) b", after, most)
                .getResultList()
                .get(0);
        if (last == null) {
            return new Part(List.of(), OptionalLong.empty(), 0, Optional.empty());
        }
        Object[] figures = (Object[]) query(FIGURES, after, last).getSingleResult();
        return new Part(
                exceeding(after, number(last), bounds),
                OptionalLong.of(number(last)),
                number(figures[0]),
                Optional.ofNullable(figures[1]).map(JpaHistory::at));
    }

    private List<Long> exceeding(long after, long last, Bounds bounds) {
        List<?> ids = query(EXCEEDING, after, last, TaskRow.micros(bounds.from()), bounds.changes(), bounds.bytes())
                .getResultList();
        return ids.stream().map(JpaHistoryRetention::number).toList();
    }

    @Override
    public boolean exceeds(long book, Bounds bounds) {
        return !exceeding(book - 1, book, bounds).isEmpty();
    }

    @Override
    public boolean shorten(long book, int most, Bounds bounds) {
        OptionalLong first = oldest.claim(book);
        if (first.isEmpty()) {
            query(ORPHANS, book).executeUpdate();
            return false;
        }
        List<?> books = query("select seq, coalesce(history_bytes, 0) from book where id = ?1", book)
                .getResultList();
        if (books.isEmpty()) {
            // Its account is being erased, and this with it.
            return false;
        }
        Object[] now = (Object[]) books.get(0);
        long from = TaskRow.micros(bounds.from());
        long lastKept = number(now[0]) - bounds.changes();
        long bytes = number(now[1]);
        long end = first.getAsLong() - 1;
        int exceeding = 0;
        int changes = Math.min(most, CHANGES);
        for (Object each : query(OLDEST, book, changes).getResultList()) {
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
        if (removeLost(book, end, most)) {
            return true;
        }
        List<?> cut = query(LAST_VERSION, book, end, most - 1).getResultList();
        if (cut.isEmpty()) {
            query("delete from contact_version where book_id = ?1 and until_seq <= ?2", book, end)
                    .executeUpdate();
            if (exceeding > 0) {
                generations.expire(book, end);
            }
            return exceeding == changes;
        }
        Object[] version = (Object[]) cut.get(0);
        long seq = number(version[0]);
        query("delete from contact_version where book_id = ?1 and until_seq < ?2", book, seq)
                .executeUpdate();
        query("delete from contact_version where book_id = ?1 and until_seq = ?2 and uid <= ?3", book, seq, version[1])
                .executeUpdate();
        generations.expire(book, seq - 1);
        return true;
    }

    /** Removes cards that lost a conflict up to a change; of the last change all. Answers whether there may be more. */
    private boolean removeLost(long book, long end, int most) {
        List<?> cut = query(LAST_LOST, book, end, most - 1).getResultList();
        query("delete from lost_version where book_id = ?1 and seq <= ?2", book, cut.isEmpty() ? end : cut.get(0))
                .executeUpdate();
        return !cut.isEmpty();
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
