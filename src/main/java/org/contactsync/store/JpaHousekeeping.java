package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskState;
import org.contactsync.store.sql.DatabaseTime;
import org.contactsync.store.sql.PlannerStatistics;
import org.contactsync.sync.Housekeeping;
import org.jspecify.annotations.Nullable;

/**
 * Finds work that is due and deletes data that is no longer needed. Rows that another instance has locked are skipped.
 * Thread-safe.
 */
final class JpaHousekeeping implements Housekeeping {
    private static final Logger LOG = System.getLogger(JpaHousekeeping.class.getName());

    private final EntityManager em;
    private final GarbageRemoval garbage;
    private final PlannerStatistics statistics;

    /** Null until first used; empty if there is nothing to compact. */
    private volatile @Nullable Optional<EmbeddedFile> file;

    JpaHousekeeping(EntityManager em) {
        this.em = em;
        garbage = new GarbageRemoval(em);
        statistics = new PlannerStatistics(em);
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
            // Only rows that are locked here, so that two sweepers never wait for each other.
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
            List<?> rows = em.createNativeQuery("select issuer, subject from book where id = ?1")
                    .setParameter(1, book)
                    .getResultList();
            // None of a book that was erased in this moment.
            for (Object each : rows) {
                Object[] row = (Object[]) each;
                owners.add(new Owner((String) row[0], (String) row[1]));
            }
        }
        return owners;
    }

    @Override
    public int removeGarbage(int most) {
        return garbage.step(most);
    }

    @Override
    public boolean compact() {
        Optional<EmbeddedFile> known = file;
        try {
            if (known == null) {
                known = EmbeddedFile.of(em.unwrap(Connection.class).getMetaData(), InstantSource.system());
                file = known;
            }
            return known.isPresent() && known.get().compact();
        } catch (SQLException e) {
            throw new PersistenceException(e);
        } catch (NoClassDefFoundError e) {
            // The server does not have our configuration; everything else works.
            file = Optional.empty();
            LOG.log(
                    Level.WARNING,
                    "the embedded database's file is not compacted: the service cannot access its driver");
            return false;
        }
    }

    @Override
    public boolean refreshStatistics() {
        return statistics.refresh();
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
