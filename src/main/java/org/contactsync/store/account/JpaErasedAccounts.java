package org.contactsync.store.account;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.account.ErasedAccounts;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskState;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.Product;

/** Removes the rows of books. Thread-safe, as the container's entity manager is. */
public final class JpaErasedAccounts implements ErasedAccounts {
    /** What the request itself does not remove: until then nobody else begins. */
    private static final Duration OF_REQUEST = Duration.ofSeconds(10);

    private static final String UNFINISHED =
            " in ('" + TaskState.RECEIVING.name() + "', '" + TaskState.WAITING.name() + "')";

    private final EntityManager em;
    private final Product product;

    public JpaErasedAccounts(EntityManager em) {
        this.em = em;
        product = new Product(em);
    }

    @Override
    public OptionalLong erase(Owner owner, Instant now) {
        List<?> ids =
                query("select id from book where owner_key = ?1", owner.key()).getResultList();
        if (ids.isEmpty()) {
            return OptionalLong.empty();
        }
        // By the primary key, so that H2 locks one row. Somebody else may have erased it meanwhile.
        if (query("select id from book where id = ?1 for update", ids.get(0))
                .getResultList()
                .isEmpty()) {
            return OptionalLong.empty();
        }
        long book = ((Number) ids.get(0)).longValue();
        query(
                        "insert into erased_book (book_id, at_millis, next_millis) values (?1, ?2, ?3)",
                        book,
                        now.toEpochMilli(),
                        now.plus(OF_REQUEST).toEpochMilli())
                .executeUpdate();
        ErasureMark.leave(em, owner);
        query(
                        "insert into garbage (task_id, of_book, staged_bytes) select u.task_id, u.book_id, 0 from upload u"
                                + " join sync_task t on t.id = u.task_id where t.book_id = ?1 and t.state" + UNFINISHED,
                        book)
                .executeUpdate();
        query("delete from waiting_step where book_id = ?1", book).executeUpdate();
        query("delete from given_up_step where book_id = ?1", book).executeUpdate();
        query("delete from sync_task where book_id = ?1 and state" + UNFINISHED, book)
                .executeUpdate();
        query("delete from lookup_index where book_id = ?1", book).executeUpdate();
        query("delete from feed_mark where book_id = ?1", book).executeUpdate();
        query("delete from scrub_finding where book_id = ?1", book).executeUpdate();
        removeDeliveries(book);
        query("delete from book where id = ?1", book).executeUpdate();
        return OptionalLong.of(book);
    }

    /** Endpoints are few, and their books many: each statement follows the key. */
    private void removeDeliveries(long book) {
        for (Object endpoint :
                em.createNativeQuery("select id from webhook_endpoint").getResultList()) {
            for (String table : BookTables.BY_ENDPOINT) {
                query("delete from " + table + " where endpoint_id = ?1 and book_id = ?2", endpoint, book)
                        .executeUpdate();
            }
        }
    }

    @Override
    public List<Long> due(Instant now, int most) {
        List<?> rows = query(
                        "select book_id from erased_book where next_millis <= ?1 order by next_millis limit ?2",
                        now.toEpochMilli(),
                        most)
                .getResultList();
        return rows.stream().map(row -> ((Number) row).longValue()).toList();
    }

    @Override
    public boolean removeSome(long book, int most, Instant now) {
        List<?> erased = query("select at_millis from erased_book where book_id = ?1 for update", book)
                .getResultList();
        if (erased.isEmpty()) {
            return false;
        }
        int left = most - removeStaged(book, most);
        for (String table : BookTables.BY_BOOK) {
            if (left > 0) {
                int row = table.equals(BookTables.OF_LARGE_ROWS) ? BookTables.LARGE_ROW : 1;
                left -= row * remove(table, "book_id", book, Math.max(1, left / row));
            }
        }
        if (left <= 0) {
            return true;
        }
        removeDeliveries(book);
        Instant last =
                Instant.ofEpochMilli(((Number) erased.get(0)).longValue()).plus(AFTERWARDS);
        if (now.isBefore(last)) {
            query("update erased_book set next_millis = ?2 where book_id = ?1", book, last.toEpochMilli())
                    .executeUpdate();
        } else {
            query("delete from erased_book where book_id = ?1", book).executeUpdate();
        }
        return false;
    }

    /** What is staged, by way of the marks for its removal. All are locked before anything else: so does the removal of one. */
    private int removeStaged(long book, int most) {
        List<?> marks = query("select id, task_id from garbage where of_book = ?1 order by id for update", book)
                .getResultList();
        int left = most;
        for (Object each : marks) {
            Object[] mark = (Object[]) each;
            if (mark[1] != null) {
                for (String table : BookTables.BY_TASK) {
                    if (left > 0) {
                        left -= remove(table, "task_id", mark[1], left);
                    }
                }
            }
            if (left <= 0) {
                return most;
            }
            query("delete from garbage where id = ?1", mark[0]).executeUpdate();
            left--;
        }
        return most - left;
    }

    private int remove(String table, String column, Object value, int most) {
        String sql = product.isPostgres()
                ? "delete from %1$s where ctid = any(array(select ctid from %1$s where %2$s = ?1 limit ?2))"
                : "delete from %s where %s = ?1 fetch first ?2 rows only";
        return query(sql.formatted(table, column), value, most).executeUpdate();
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }
}
