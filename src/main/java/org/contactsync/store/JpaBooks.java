package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Query;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.BookBusyException;
import org.contactsync.sync.BookState;
import org.contactsync.sync.Books;
import org.contactsync.sync.Contacts.Mark;
import org.contactsync.sync.Contacts.Writes;
import org.contactsync.sync.StaleBookException;
import org.contactsync.sync.SyncTask;
import org.jspecify.annotations.Nullable;

/** Books in the table {@code book}. Thread-safe, as the container's entity manager is. */
final class JpaBooks implements Books {
    /** Where the time stands behind the columns of a locked row, and behind it whether the task has a row. */
    private static final int LOCKED_AT = BookRow.COLUMNS.split(",").length;

    private static final int UNSEEN = LOCKED_AT + 1;
    private static final int REVISION_BEFORE = UNSEEN + 1;
    private static final int CONTACT_HASH = REVISION_BEFORE + 1;
    private static final int CONTACT_POSITION = CONTACT_HASH + 1;
    private static final int CONTACT_ENTRY = CONTACT_POSITION + 1;
    private static final int CONTACT_BYTES = CONTACT_ENTRY + 1;

    /** SQLSTATE: lock_not_available of PostgreSQL, LOCK_TIMEOUT_1 of H2. */
    private static final Set<String> LOCKED_ELSEWHERE = Set.of("55P03", "HYT00");

    /** The identity column begins with 1. */
    private static final long NO_BOOK = 0;

    /** The book's columns are parameters 1 to 9, its id and revision 10 and 11. The bytes are those of the sequence number. */
    static final String UPDATE = "update book set generation = ?1, last_generation = ?2, contact_count = ?3,"
            + " entry_sum = ?4, seq = ?5, changes_from = ?6, open_tasks = ?7, revision = ?8,"
            + " card_bytes = cast(?9 as bigint), card_bytes_seq = ?5, hold_task = ";

    static final String AT_REVISION = " where id = ?10 and revision = ?11";

    private final EntityManager em;
    private final JpaContacts contacts;
    private volatile @Nullable Boolean postgres;
    private final SecureRandom random = new SecureRandom();

    JpaBooks(EntityManager em) {
        this.em = em;
        contacts = new JpaContacts(em);
    }

    @Override
    public Locked lock(Owner owner) {
        Object[] row = made(owner, () -> isPostgres() ? locking(BookRow.LOCK, owner) : lockingById(owner, ""));
        // It may have waited: what was added meanwhile is not in what its statement sees.
        return new Locked(BookRow.state(row, owner), DatabaseTime.of(row[LOCKED_AT]));
    }

    @Override
    public Locked lockNow(Owner owner, TaskId task, Optional<Uid> touched) {
        try {
            if (!isPostgres()) {
                Object[] row = made(owner, () -> lockingById(owner, " nowait"));
                return new Locked(BookRow.state(row, owner), DatabaseTime.of(row[LOCKED_AT]));
            }
            Object[] row = made(owner, () -> lockingNow(owner, task, touched));
            BookState book = BookRow.state(row, owner);
            return new Locked(book, DatabaseTime.of(row[LOCKED_AT]), (Boolean) row[UNSEEN], seen(book, row, touched));
        } catch (PersistenceException e) {
            if (isLockedElsewhere(e)) {
                throw new BookBusyException(e);
            }
            throw e;
        }
    }

    /**
     * H2 may read a small table from its beginning and then wants the lock of every row that it passes, those of other users too.
     * By the primary key it locks one row.
     */
    private Query lockingById(Owner owner, String wait) {
        List<?> found = em.createNativeQuery("select id from book where owner_key = ?1")
                .setParameter(1, owner.key())
                .getResultList();
        Object id = found.isEmpty() ? NO_BOOK : found.get(0);
        return em.createNativeQuery(BookRow.LOCKING_BY_ID + wait).setParameter(1, id);
    }

    private boolean isPostgres() {
        Boolean known = postgres;
        if (known == null) {
            try {
                known = "PostgreSQL"
                        .equals(em.unwrap(Connection.class).getMetaData().getDatabaseProductName());
            } catch (SQLException e) {
                throw new PersistenceException(e);
            }
            postgres = known;
        }
        return known;
    }

    private static boolean isLockedElsewhere(PersistenceException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCKED_ELSEWHERE.contains(String.valueOf(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** The row that {@code query} locks; it is made first when it is not there. */
    private Object[] made(Owner owner, Supplier<Query> query) {
        List<?> rows = query.get().getResultList();
        if (rows.isEmpty()) {
            insert(owner);
            rows = query.get().getResultList();
        }
        return (Object[]) rows.get(0);
    }

    private Query lockingNow(Owner owner, TaskId task, Optional<Uid> touched) {
        Query query = locking(touched.isPresent() ? BookRow.LOCK_NOW_WITH_CONTACT : BookRow.LOCK_NOW, owner)
                .setParameter(BookRow.TASK_OF_LOCK, task.value());
        touched.ifPresent(uid -> query.setParameter(BookRow.CONTACT_OF_LOCK, uid.utf8()));
        return query;
    }

    /** What the statement saw of the contact counts only when nobody changed the book before it had the lock. */
    static Map<Uid, Optional<Mark>> seen(BookState book, Object[] row, Optional<Uid> touched) {
        if (touched.isEmpty() || ((Number) row[REVISION_BEFORE]).longValue() != book.revision()) {
            return Map.of();
        }
        Optional<Mark> mark = row[CONTACT_POSITION] == null
                ? Optional.empty()
                : Optional.of(JpaContacts.mark(
                        row[CONTACT_HASH], row[CONTACT_POSITION], row[CONTACT_ENTRY], row[CONTACT_BYTES]));
        return Map.of(touched.get(), mark);
    }

    private Query locking(String name, Owner owner) {
        return em.createNamedQuery(name).setParameter(1, owner.key());
    }

    @Override
    public Optional<BookState> read(Owner owner) {
        // The row, not the entity: a request that reads twice must see what was committed between.
        List<?> rows = em.createNativeQuery("select " + BookRow.COLUMNS + " from book where owner_key = ?1")
                .setParameter(1, owner.key())
                .getResultList();
        return rows.stream().findFirst().map(row -> BookRow.state((Object[]) row, owner));
    }

    @Override
    public BookState save(BookState locked, BookState changed) {
        requireSaved(bound(update(changed), locked, changed).executeUpdate(), locked);
        return changed.saved();
    }

    @Override
    public void save(BookState locked, BookState changed, Writes writes, SyncTask done) {
        Optional<Query> together =
                isPostgres() ? WriteTogether.query(em, locked, changed, writes, done) : Optional.empty();
        if (together.isPresent()) {
            requireSaved(together.get().getResultList().size(), locked);
            return;
        }
        requireNew(done, locked);
        save(locked, changed);
        if (!writes.isEmpty()) {
            contacts.write(locked.id(), changed.generation(), writes);
        }
        em.persist(new TaskRow(done));
        em.flush();
    }

    static Query bound(Query update, BookState locked, BookState changed) {
        OptionalLong bytes = changed.cardBytes();
        return update.setParameter(1, changed.generation())
                .setParameter(2, changed.lastGeneration())
                .setParameter(3, changed.digest().count())
                .setParameter(4, changed.digest().sum().bytes())
                .setParameter(5, changed.seq())
                .setParameter(6, changed.changesFrom())
                .setParameter(7, changed.openTasks())
                .setParameter(8, locked.revision() + 1)
                .setParameter(9, bytes.isPresent() ? bytes.getAsLong() : null)
                .setParameter(10, locked.id())
                .setParameter(11, locked.revision());
    }

    private void requireNew(SyncTask done, BookState locked) {
        if (em.find(TaskRow.class, done.id().value()) != null) {
            throw new StaleBookException(locked.id(), locked.revision());
        }
    }

    private static void requireSaved(int rows, BookState locked) {
        if (rows != 1) {
            throw new StaleBookException(locked.id(), locked.revision());
        }
    }

    /** An absent hold is no parameter: PostgreSQL does not take an untyped null for a UUID. */
    private Query update(BookState changed) {
        String hold = changed.hold().isPresent() ? "?12, hold_until_millis = ?13" : "null, hold_until_millis = null";
        Query update = em.createNativeQuery(UPDATE + hold + AT_REVISION);
        changed.hold()
                .ifPresent(held -> update.setParameter(12, held.task().value())
                        .setParameter(13, held.leaseUntil().toEpochMilli()));
        return update;
    }

    /** Two first requests of a user may come at once: the second finds the row of the first. */
    private void insert(Owner owner) {
        em.createNativeQuery("insert into book (owner_key, issuer, subject, check_key, generation, last_generation,"
                        + " contact_count, entry_sum, seq, changes_from, open_tasks, revision)"
                        + " values (?1, ?2, ?3, ?4, 0, 0, 0, ?5, 0, 0, 0, 0) on conflict do nothing")
                .setParameter(1, owner.key())
                .setParameter(2, owner.issuer())
                .setParameter(3, owner.subject())
                .setParameter(4, CheckKey.random(random).bytes())
                .setParameter(5, BookDigest.EMPTY.sum().bytes())
                .executeUpdate();
    }
}
