package org.contactsync.store;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Housekeeping;

/**
 * Finds what is due and removes what is over. Rows that another instance is busy with are skipped, not waited for.
 * Thread-safe.
 */
final class JpaHousekeeping implements Housekeeping {
    private static final int GARBAGE_AT_ONCE = 50;

    private final EntityManager em;

    JpaHousekeeping(EntityManager em) {
        this.em = em;
    }

    @Override
    public Instant now() {
        return DatabaseTime.of(
                em.createNativeQuery("select " + DatabaseTime.MICROS).getSingleResult());
    }

    @Override
    public List<Owner> due(Instant now, Instant again, int most) {
        List<?> waiting = em.createNativeQuery("select task_id, book_id from waiting_step"
                        + " where next_attempt_millis <= ?1 and named_until_millis <= ?1"
                        + " order by next_attempt_millis limit ?2 for update skip locked")
                .setParameter(1, now.toEpochMilli())
                .setParameter(2, most)
                .getResultList();
        Set<Long> books = new LinkedHashSet<>();
        List<Object> tasks = new ArrayList<>();
        for (Object row : waiting) {
            tasks.add(((Object[]) row)[0]);
            books.add(((Number) ((Object[]) row)[1]).longValue());
        }
        if (!tasks.isEmpty()) {
            // Only the rows that are locked here: two sweepers must not wait for each other.
            em.createQuery("update Waiting w set w.namedUntilMillis = :until where w.taskId in :tasks")
                    .setParameter("until", again.toEpochMilli())
                    .setParameter("tasks", tasks)
                    .executeUpdate();
        }
        books.addAll(longs(
                "select t.book_id from sync_task t where t.expires_at_millis <= ?1 and t.state = '"
                        + TaskState.RECEIVING.name() + "' order by t.expires_at_millis limit ?2",
                now.toEpochMilli(),
                most));
        List<Owner> owners = new ArrayList<>();
        for (Long book : books) {
            Object[] row = (Object[]) em.createNativeQuery("select issuer, subject from book where id = ?1")
                    .setParameter(1, book)
                    .getSingleResult();
            owners.add(new Owner((String) row[0], (String) row[1]));
        }
        return owners;
    }

    /** Much that is little each must not wait for its turn one by one. */
    @Override
    public int removeGarbage(int most) {
        int removed = 0;
        for (int i = 0; i < GARBAGE_AT_ONCE && removed < most; i++) {
            int rows = removeFirstGarbage(most - removed);
            if (rows == 0) {
                break;
            }
            removed += rows;
        }
        return removed;
    }

    private int removeFirstGarbage(int most) {
        List<?> first = em.createNativeQuery("select id, task_id, book_id, generation from garbage order by id limit 1"
                        + " for update skip locked")
                .getResultList();
        if (first.isEmpty()) {
            return 0;
        }
        Object[] garbage = (Object[]) first.get(0);
        int removed;
        if (garbage[1] == null) {
            removed = em.createNativeQuery("delete from contact where book_id = ?1 and generation = ?2 and uid in"
                            + " (select uid from contact where book_id = ?1 and generation = ?2 order by uid limit ?3)")
                    .setParameter(1, garbage[2])
                    .setParameter(2, garbage[3])
                    .setParameter(3, most)
                    .executeUpdate();
        } else {
            removed = em.createNativeQuery("delete from staged_change where task_id = ?1 and uid in"
                            + " (select uid from staged_change where task_id = ?1 order by uid limit ?2)")
                    .setParameter(1, garbage[1])
                    .setParameter(2, most)
                    .executeUpdate();
            if (removed < most) {
                removed += em.createNativeQuery("delete from upload_chunk where task_id = ?1")
                        .setParameter(1, garbage[1])
                        .executeUpdate();
            }
        }
        if (removed < most) {
            em.createNativeQuery("delete from garbage where id = ?1")
                    .setParameter(1, garbage[0])
                    .executeUpdate();
        }
        return removed + 1;
    }

    @Override
    public int forgetTasks(Instant now, int most) {
        List<?> ids = em.createNativeQuery("select id from sync_task where expires_at_millis <= ?1 and state not in ('"
                        + TaskState.RECEIVING.name() + "', '" + TaskState.WAITING.name()
                        + "') order by expires_at_millis limit ?2 for update skip locked")
                .setParameter(1, now.toEpochMilli())
                .setParameter(2, most)
                .getResultList();
        if (!ids.isEmpty()) {
            em.createQuery("delete from GivenUp g where g.taskId in :ids")
                    .setParameter("ids", ids)
                    .executeUpdate();
            em.createQuery("delete from Upload u where u.taskId in :ids")
                    .setParameter("ids", ids)
                    .executeUpdate();
            em.createQuery("delete from Task t where t.id in :ids")
                    .setParameter("ids", ids)
                    .executeUpdate();
        }
        return ids.size();
    }

    private List<Long> longs(String sql, long now, int most) {
        List<?> rows = em.createNativeQuery(sql)
                .setParameter(1, now)
                .setParameter(2, most)
                .getResultList();
        return rows.stream().map(row -> ((Number) row).longValue()).toList();
    }
}
