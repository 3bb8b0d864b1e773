package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.request.Change;
import org.contactsync.store.keyed.AmongSql;
import org.contactsync.store.row.ChunkRow;
import org.contactsync.store.row.StagedChangeRow;
import org.contactsync.store.sql.Product;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.upload.Staging;

/** Stores open uploads in {@code upload_chunk} and {@code staged_change}. Thread-safe. */
final class JpaStaging implements Staging {
    private static final int OK = 200;

    /** All columns of the key: otherwise H2 sorts the rows again for each slice. */
    private static final String BY_KEY = " order by s.taskId, s.uid";

    private final EntityManager em;
    private final Product product;

    JpaStaging(EntityManager em) {
        this.em = em;
        product = new Product(em);
    }

    @Override
    public Optional<Chunk> chunk(TaskId task, int number) {
        return Optional.ofNullable(em.find(ChunkRow.class, new ChunkRow.Key(task.value(), number)))
                .map(row -> new Chunk(
                        new RequestDigest(row.digest()),
                        new Answer(OK, Optional.empty(), Optional.empty(), Optional.empty(), row.acknowledgement())));
    }

    @Override
    public void addChunk(TaskId task, int number, Chunk chunk, Bytes bytes) {
        em.persist(new ChunkRow(
                task.value(),
                number,
                chunk.digest().hex(),
                chunk.acknowledgement().body(),
                bytes));
    }

    @Override
    public Sum sum(TaskId task) {
        Object[] row = (Object[]) em.createNativeQuery("select coalesce(sum(staged_bytes), 0),"
                        + " coalesce(sum(growth_bytes), 0), count(*) - count(growth_bytes) from upload_chunk"
                        + " where task_id = ?1")
                .setParameter(1, task.value())
                .getSingleResult();
        return new Sum(((Number) row[0]).longValue(), ((Number) row[1]).longValue(), ((Number) row[2]).intValue());
    }

    @Override
    public long discarded(long book) {
        Object sum = em.createNativeQuery("select coalesce(sum(staged_bytes), 0) from garbage where of_book = ?1")
                .setParameter(1, book)
                .getSingleResult();
        return ((Number) sum).longValue();
    }

    @Override
    public void addChanges(TaskId task, Collection<Change> changes) {
        changes.forEach(change -> em.persist(new StagedChangeRow(task.value(), change)));
        em.flush();
        em.clear();
    }

    @Override
    public Set<Uid> staged(TaskId task, Collection<Uid> uids) {
        Set<Uid> found = new HashSet<>();
        for (Object uid :
                stagedAmong(task, uids.stream().map(Uid::utf8).toList()).getResultList()) {
            found.add(Uid.of((byte[]) uid));
        }
        return found;
    }

    private Query stagedAmong(TaskId task, List<byte[]> uids) {
        return product.isPostgres()
                ? em.createNativeQuery(AmongSql.STAGED)
                        .setParameter(1, task.value())
                        .setParameter(2, uids.toArray(byte[][]::new))
                        .setParameter(3, uids.size())
                : em.createQuery("select s.uid from StagedChange s where s.taskId = :task and s.uid in :uids")
                        .setParameter("task", task.value())
                        .setParameter("uids", uids);
    }

    @Override
    public List<Change> changes(TaskId task, Optional<Uid> after, int most) {
        TypedQuery<StagedChangeRow> query = em.createQuery(
                        "select s from StagedChange s where s.taskId = :task"
                                + (after.isPresent() ? " and s.uid > :after" : "") + BY_KEY,
                        StagedChangeRow.class)
                .setParameter("task", task.value())
                .setMaxResults(most);
        after.ifPresent(uid -> query.setParameter("after", uid.utf8()));
        return query.getResultList().stream().map(StagedChangeRow::change).toList();
    }

    @Override
    public void markForRemoval(long book, TaskId task, long bytes) {
        em.createNativeQuery("insert into garbage (task_id, of_book, staged_bytes) values (?1, ?2, ?3)")
                .setParameter(1, task.value())
                .setParameter(2, book)
                .setParameter(3, bytes)
                .executeUpdate();
    }

    @Override
    public void markForRemoval(long book, long generation, long bytes) {
        em.createNativeQuery("insert into garbage (book_id, generation, of_book, staged_bytes) values (?1, ?2, ?1, ?3)")
                .setParameter(1, book)
                .setParameter(2, generation)
                .setParameter(3, bytes)
                .executeUpdate();
    }
}
