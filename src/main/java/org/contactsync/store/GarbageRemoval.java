package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import org.contactsync.store.sql.Parameters;

/**
 * Removes the data that {@code garbage} names. It deletes ranges of a key, each after the last one, so that a step costs
 * the same whatever the number of rows, including removed rows that the database still keeps. Rows that another instance is
 * working on are skipped. Each step runs in one transaction of the caller. Thread-safe.
 */
final class GarbageRemoval {
    /** Many small pieces must not wait for one step each. */
    private static final int AT_ONCE = 50;

    private static final byte[] BEFORE_ALL = {};

    private final EntityManager em;

    GarbageRemoval(EntityManager em) {
        this.em = em;
    }

    /** @return rows removed, including those of {@code garbage} */
    int step(int most) {
        int removed = 0;
        for (int i = 0; i < AT_ONCE && removed < most; i++) {
            int rows = removeFirst(most - removed);
            if (rows == 0) {
                break;
            }
            removed += rows;
        }
        return removed;
    }

    private int removeFirst(int most) {
        List<?> first = em.createNativeQuery("select id, task_id, book_id, generation, removed_to from garbage"
                        + " order by id limit 1 for update skip locked")
                .getResultList();
        if (first.isEmpty()) {
            return 0;
        }
        Object[] garbage = (Object[]) first.get(0);
        Rows rows = garbage[1] == null
                ? new Rows("contact", List.of("book_id", "generation"), List.of(garbage[2], garbage[3]))
                : new Rows("staged_change", List.of("task_id"), List.of(garbage[1]));
        byte[] from = garbage[4] == null ? BEFORE_ALL : (byte[]) garbage[4];
        List<?> end = rows.end(from, most);
        if (!end.isEmpty()) {
            em.createNativeQuery("update garbage set removed_to = ?1 where id = ?2")
                    .setParameter(1, end.get(0))
                    .setParameter(2, garbage[0])
                    .executeUpdate();
            return rows.remove(from, (byte[]) end.get(0)) + 1;
        }
        int removed = rows.remove(from);
        if (garbage[1] != null) {
            removed += em.createNativeQuery("delete from upload_chunk where task_id = ?1")
                    .setParameter(1, garbage[1])
                    .executeUpdate();
        }
        em.createNativeQuery("delete from garbage where id = ?1")
                .setParameter(1, garbage[0])
                .executeUpdate();
        return removed + 1;
    }

    /** Rows of a table whose key is some columns and the uid. */
    private final class Rows {
        private final String from;
        private final String order;
        private final List<Object> key;
        /** The number of the parameter after the uid and the key. */
        private final int last;

        Rows(String table, List<String> columns, List<Object> key) {
            StringBuilder conditions = new StringBuilder(" where uid > ?1");
            for (int i = 0; i < columns.size(); i++) {
                conditions.append(" and ").append(columns.get(i)).append(" = ?").append(i + 2);
            }
            from = " from " + table + conditions;
            // All columns of the key: otherwise H2 sorts the rows again for each step.
            order = " order by " + String.join(", ", columns) + ", uid";
            this.key = key;
            last = key.size() + 2;
        }

        /** The uid of row {@code most} after {@code after}, if there are so many. */
        List<?> end(byte[] after, int most) {
            return bound("select uid" + from + order + " limit 1 offset ?" + last, after)
                    .setParameter(last, most - 1)
                    .getResultList();
        }

        int remove(byte[] after) {
            return bound("delete" + from, after).executeUpdate();
        }

        int remove(byte[] after, byte[] end) {
            return bound("delete" + from + " and uid <= ?" + last, after)
                    .setParameter(last, end)
                    .executeUpdate();
        }

        private Query bound(String sql, byte[] after) {
            return Parameters.setFrom(2, em.createNativeQuery(sql).setParameter(1, after), key.toArray());
        }
    }
}
