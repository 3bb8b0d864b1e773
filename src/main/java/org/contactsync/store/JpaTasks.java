package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.store.keyed.AmongSql;
import org.contactsync.store.row.BookRow;
import org.contactsync.store.row.TaskRow;
import org.contactsync.store.row.UploadRow;
import org.contactsync.store.row.WaitingRow;
import org.contactsync.store.sql.Product;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.task.UploadProgress;

/** Stores tasks in {@code sync_task}, {@code waiting_step} and {@code upload}. Thread-safe. */
final class JpaTasks implements Tasks {
    private static final String WITH_CODE = " from Task t where t.bookId = :book and t.codeAfter ";

    private final EntityManager em;
    private final Product product;

    JpaTasks(EntityManager em) {
        this.em = em;
        product = new Product(em);
    }

    @Override
    public Optional<SyncTask> find(TaskId id) {
        return Optional.ofNullable(em.find(TaskRow.class, id.value())).map(this::task);
    }

    boolean exists(TaskId id) {
        return em.find(TaskRow.class, id.value()) != null;
    }

    @Override
    public Optional<SyncTask> find(Owner owner, TaskId id) {
        return ReadingTime.bound(em.createQuery(
                        "select t from Task t, Book b where t.id = :id and b.id = t.bookId and b.ownerKey = :key",
                        TaskRow.class))
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
    public void insertWaiting(SyncTask task, byte[] payload, Terms terms, Instant nextAttempt) {
        em.persist(new TaskRow(task));
        em.persist(new WaitingRow(task, payload, terms, nextAttempt));
        em.flush();
    }

    @Override
    public void update(SyncTask task) {
        row(task).become(task);
        task.upload().ifPresent(progress -> uploadRow(task.id()).become(progress));
        em.flush();
        if (task.state().finished()) {
            deleteWaiting(task.id());
        }
    }

    /** Never by its entity, which would read the payload. */
    private void deleteWaiting(TaskId id) {
        em.createQuery("delete from Waiting w where w.taskId = :id")
                .setParameter("id", id.value())
                .executeUpdate();
    }

    @Override
    public void retryLater(SyncTask task, Instant nextAttempt) {
        row(task).become(task);
        em.flush();
        em.createQuery("update Waiting w set w.nextAttemptMillis = :at, w.namedUntilMillis = 0 where w.taskId = :id")
                .setParameter("at", nextAttempt.toEpochMilli())
                .setParameter("id", task.id().value())
                .executeUpdate();
    }

    @Override
    public void giveUp(SyncTask task, Instant at, long mostBytes) {
        row(task).become(task);
        em.flush();
        em.createNativeQuery("insert into given_up_step (task_id, book_id, payload, given_up_at_millis)"
                        + " select task_id, book_id, payload, ?2 from waiting_step where task_id = ?1")
                .setParameter(1, task.id().value())
                .setParameter(2, at.toEpochMilli())
                .executeUpdate();
        deleteWaiting(task.id());
        em.createNativeQuery("delete from given_up_step where book_id = ?1 and place <= (select max(s.place) from"
                        + " (select place, sum(octet_length(payload)) over (order by place desc) as bytes"
                        + " from given_up_step where book_id = ?1) s where s.bytes > ?2)")
                .setParameter(1, task.book())
                .setParameter(2, mostBytes)
                .executeUpdate();
    }

    /** Its terms stay in its payload only: few tasks are ever retried. */
    @Override
    public boolean takeUp(SyncTask task, Instant nextAttempt) {
        int rows = em.createNativeQuery("insert into waiting_step (task_id, book_id, payload, next_attempt_millis,"
                        + " named_until_millis) select task_id, book_id, payload, ?2, 0 from given_up_step"
                        + " where task_id = ?1")
                .setParameter(1, task.id().value())
                .setParameter(2, nextAttempt.toEpochMilli())
                .executeUpdate();
        if (rows == 0) {
            return false;
        }
        row(task).become(task);
        em.flush();
        return drop(task.id());
    }

    @Override
    public boolean drop(TaskId id) {
        return em.createQuery("delete from GivenUp g where g.taskId = :id")
                        .setParameter("id", id.value())
                        .executeUpdate()
                > 0;
    }

    @Override
    public List<GivenUp> givenUp(Optional<String> owner, Optional<Instant> notAfter, long after, int most) {
        TypedQuery<Object[]> query = ReadingTime.bound(em.createQuery(
                        "select g.place, b.ownerKey, g.givenUpAtMillis, t from GivenUp g, Task t, Book b"
                                + " where t.id = g.taskId and b.id = g.bookId and g.place > :after"
                                + (owner.isPresent() ? " and b.ownerKey = :owner" : "")
                                + (notAfter.isPresent() ? " and g.givenUpAtMillis <= :notAfter" : "")
                                + " order by g.place",
                        Object[].class))
                .setParameter("after", after)
                .setMaxResults(most);
        owner.ifPresent(key -> query.setParameter("owner", key));
        notAfter.ifPresent(at -> query.setParameter("notAfter", at.toEpochMilli()));
        return query.getResultList().stream()
                .map(row -> new GivenUp(
                        (Long) row[0],
                        (String) row[1],
                        Instant.ofEpochMilli((Long) row[2]),
                        ((TaskRow) row[3]).task(Optional.empty())))
                .toList();
    }

    @Override
    public Optional<Owner> ownerOf(TaskId id) {
        return em.createQuery("select b from Task t, Book b where t.id = :id and b.id = t.bookId", BookRow.class)
                .setParameter("id", id.value())
                .getResultStream()
                .findFirst()
                .map(BookRow::owner);
    }

    @Override
    public List<SyncTask> waiting(long book) {
        TypedQuery<TaskRow> query = ReadingTime.bound(em.createQuery(
                "select t from Task t, Waiting w where w.bookId = :book and t.id = w.taskId order by w.place",
                TaskRow.class));
        return tasks(query.setParameter("book", book));
    }

    @Override
    public List<SyncTask> uploads(long book) {
        TypedQuery<TaskRow> query = ReadingTime.bound(em.createQuery(
                        "select t from Task t, Upload u where u.bookId = :book and t.id = u.taskId and t.state = :receiving"
                                + " order by t.acceptedAtMicros, t.id",
                        TaskRow.class))
                .setParameter("receiving", TaskState.RECEIVING);
        return tasks(query.setParameter("book", book));
    }

    @Override
    public Optional<Waiting> payload(TaskId id) {
        // Not the entity, which would stay in memory until the transaction ends.
        return em.createQuery(
                        "select w.payload, w.nextAttemptMillis from Waiting w where w.taskId = :id", Object[].class)
                .setParameter("id", id.value())
                .getResultStream()
                .findFirst()
                .map(row -> new Waiting((byte[]) row[0], Instant.ofEpochMilli((Long) row[1])));
    }

    @Override
    public List<Parked> parked(long book) {
        List<?> rows = em.createNativeQuery("select task_id, octet_length(payload), next_attempt_millis, refuses,"
                        + " requested_at_micros from waiting_step where book_id = ?1")
                .setParameter(1, book)
                .getResultList();
        return rows.stream().map(row -> parked((Object[]) row)).toList();
    }

    private static Parked parked(Object[] row) {
        Optional<Terms> terms = row[3] == null || row[4] == null
                ? Optional.empty()
                : Optional.of(new Terms(
                        (Boolean) row[3], Instant.EPOCH.plus(((Number) row[4]).longValue(), ChronoUnit.MICROS)));
        return new Parked(
                new TaskId((UUID) row[0]),
                ((Number) row[1]).longValue(),
                Instant.ofEpochMilli(((Number) row[2]).longValue()),
                terms);
    }

    /** Most calls are for one code, for which the statement is always the same. */
    @Override
    public Map<CheckCode, Long> seqsOf(long book, Collection<CheckCode> codes) {
        Map<CheckCode, Long> found = new HashMap<>();
        if (codes.size() == 1) {
            CheckCode code = codes.iterator().next();
            Long seq = em.createQuery("select max(t.seqAfter)" + WITH_CODE + "= :code", Long.class)
                    .setParameter("book", book)
                    .setParameter("code", code.value())
                    .getSingleResult();
            if (seq != null) {
                found.put(code, seq);
            }
            return found;
        }
        List<String> texts = codes.stream().map(CheckCode::value).toList();
        for (Object each : withCodes(book, texts).getResultList()) {
            Object[] row = (Object[]) each;
            if (row[1] != null) {
                found.put(new CheckCode((String) row[0]), ((Number) row[1]).longValue());
            }
        }
        return found;
    }

    private Query withCodes(long book, List<String> codes) {
        return product.isPostgres()
                ? em.createNativeQuery(AmongSql.WITH_CODES)
                        .setParameter(1, book)
                        .setParameter(2, codes.toArray(String[]::new))
                        .setParameter(3, codes.size())
                : em.createQuery("select t.codeAfter, max(t.seqAfter)" + WITH_CODE + "in :codes group by t.codeAfter")
                        .setParameter("book", book)
                        .setParameter("codes", codes);
    }

    private List<SyncTask> tasks(TypedQuery<TaskRow> query) {
        return query.getResultList().stream().map(this::task).toList();
    }

    private SyncTask task(TaskRow row) {
        // An upload whose open was refused has no row in {@code upload}.
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
