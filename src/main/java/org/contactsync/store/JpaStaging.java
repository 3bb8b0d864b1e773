package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.RequestDigest;
import org.contactsync.sync.Staging;

/** Uploads under way in {@code upload_chunk} and {@code staged_change}. Thread-safe. */
final class JpaStaging implements Staging {
    private static final int OK = 200;

    /** The key's columns, all of them: H2 sorts what it has found otherwise, again for each slice. */
    private static final String BY_KEY = " order by s.taskId, s.uid";

    private final EntityManager em;

    JpaStaging(EntityManager em) {
        this.em = em;
    }

    @Override
    public Optional<Chunk> chunk(TaskId task, int number) {
        return Optional.ofNullable(em.find(ChunkRow.class, new ChunkRow.Key(task.value(), number)))
                .map(row -> new Chunk(
                        new RequestDigest(row.digest()),
                        new Answer(OK, Optional.empty(), Optional.empty(), Optional.empty(), row.acknowledgement())));
    }

    @Override
    public void addChunk(TaskId task, int number, Chunk chunk) {
        em.persist(new ChunkRow(
                task.value(),
                number,
                chunk.digest().hex(),
                chunk.acknowledgement().body()));
    }

    @Override
    public void addChanges(TaskId task, Collection<Change> changes) {
        changes.forEach(change -> em.persist(new StagedChangeRow(task.value(), change)));
        em.flush();
        em.clear();
    }

    @Override
    public Set<Uid> staged(TaskId task, Collection<Uid> uids) {
        return em.createQuery(
                        "select s.uid from StagedChange s where s.taskId = :task and s.uid in :uids", byte[].class)
                .setParameter("task", task.value())
                .setParameter("uids", uids.stream().map(Uid::utf8).toList())
                .getResultStream()
                .map(Uid::of)
                .collect(Collectors.toUnmodifiableSet());
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
    public void discard(TaskId task) {
        em.createNativeQuery("insert into garbage (task_id) values (?1)")
                .setParameter(1, task.value())
                .executeUpdate();
    }

    @Override
    public void discard(long book, long generation) {
        em.createNativeQuery("insert into garbage (book_id, generation) values (?1, ?2)")
                .setParameter(1, book)
                .setParameter(2, generation)
                .executeUpdate();
    }
}
