package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.SyncTask;
import org.contactsync.sync.Tasks;
import org.contactsync.sync.UploadProgress;

/** Tasks in {@code sync_task}, {@code waiting_step} and {@code upload}. Thread-safe. */
final class JpaTasks implements Tasks {
    private final EntityManager em;

    JpaTasks(EntityManager em) {
        this.em = em;
    }

    @Override
    public Optional<SyncTask> find(TaskId id) {
        return Optional.ofNullable(em.find(TaskRow.class, id.value())).map(this::task);
    }

    @Override
    public Optional<SyncTask> find(Owner owner, TaskId id) {
        return em.createQuery(
                        "select t from Task t, Book b where t.id = :id and b.id = t.bookId and b.ownerKey = :key",
                        TaskRow.class)
                .setParameter("id", id.value())
                .setParameter("key", owner.key())
                .getResultStream()
                .findFirst()
                .map(this::task);
    }

    @Override
    public void insert(SyncTask task) {
        em.persist(new TaskRow(task));
        task.upload().ifPresent(progress -> em.persist(new UploadRow(task, progress)));
    }

    @Override
    public void insertWaiting(SyncTask task, byte[] payload, Instant nextAttempt) {
        em.persist(new TaskRow(task));
        em.persist(new WaitingRow(task, payload, nextAttempt));
        em.flush();
    }

    @Override
    public void update(SyncTask task) {
        row(task).become(task);
        task.upload().ifPresent(progress -> uploadRow(task.id()).become(progress));
        if (task.state().finished()) {
            Optional.ofNullable(em.find(WaitingRow.class, task.id().value())).ifPresent(em::remove);
        }
        em.flush();
    }

    @Override
    public void retryLater(SyncTask task, Instant nextAttempt) {
        row(task).become(task);
        em.find(WaitingRow.class, task.id().value()).retryAt(nextAttempt);
        em.flush();
    }

    @Override
    public List<SyncTask> waiting(long book) {
        TypedQuery<TaskRow> query = em.createQuery(
                "select t from Task t, Waiting w where w.bookId = :book and t.id = w.taskId" + " order by w.place",
                TaskRow.class);
        return tasks(query.setParameter("book", book));
    }

    @Override
    public List<SyncTask> uploads(long book) {
        TypedQuery<TaskRow> query = em.createQuery(
                        "select t from Task t, Upload u where u.bookId = :book and t.id = u.taskId and t.state = :receiving"
                                + " order by t.acceptedAtMicros, t.id",
                        TaskRow.class)
                .setParameter("receiving", TaskState.RECEIVING);
        return tasks(query.setParameter("book", book));
    }

    @Override
    public Optional<Waiting> payload(TaskId id) {
        return Optional.ofNullable(em.find(WaitingRow.class, id.value())).map(WaitingRow::waiting);
    }

    @Override
    public Optional<Long> seqOf(long book, CheckCode code) {
        return Optional.ofNullable(em.createQuery(
                        "select max(t.seqAfter) from Task t where t.bookId = :book and t.codeAfter = :code", Long.class)
                .setParameter("book", book)
                .setParameter("code", code.value())
                .getSingleResult());
    }

    private List<SyncTask> tasks(TypedQuery<TaskRow> query) {
        return query.getResultList().stream().map(this::task).toList();
    }

    private SyncTask task(TaskRow row) {
        // An upload whose open was refused has no row of its own.
        Optional<UploadProgress> upload = row.isUpload()
                ? Optional.ofNullable(em.find(UploadRow.class, row.id()))
                        .map(found -> found.progress(row.kind(), row.firstCode()))
                : Optional.empty();
        return row.task(upload);
    }

    private TaskRow row(SyncTask task) {
        return em.find(TaskRow.class, task.id().value());
    }

    private UploadRow uploadRow(TaskId id) {
        return em.find(UploadRow.class, id.value());
    }
}
