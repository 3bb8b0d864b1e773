package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Query;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.BookBusyException;
import org.contactsync.sync.BookState;
import org.contactsync.sync.Books;
import org.contactsync.sync.StaleBookException;
import org.jspecify.annotations.Nullable;

/** Books in the table {@code book}. Thread-safe, as the container's entity manager is. */
final class JpaBooks implements Books {
    /** Where the time stands behind the columns of a locked row. */
    private static final int LOCKED_AT = BookRow.COLUMNS.split(",").length;

    /** SQLSTATE of PostgreSQL: lock_not_available. */
    private static final String LOCKED_ELSEWHERE = "55P03";

    private final EntityManager em;
    private volatile @Nullable Boolean locksRowsAlone;
    private final SecureRandom random = new SecureRandom();

    JpaBooks(EntityManager em) {
        this.em = em;
    }

    @Override
    public Locked lock(Owner owner) {
        return lock(owner, "");
    }

    @Override
    public Locked lockNow(Owner owner) {
        if (!locksRowsAlone()) {
            return lock(owner);
        }
        try {
            return lock(owner, " nowait");
        } catch (PersistenceException e) {
            if (isLockedElsewhere(e)) {
                throw new BookBusyException(e);
            }
            throw e;
        }
    }

    /**
     * H2 may read a small table from its beginning and then wants the lock of every row that it passes: with NOWAIT another
     * user's lock would do for a refusal.
     */
    private boolean locksRowsAlone() {
        Boolean known = locksRowsAlone;
        if (known == null) {
            try {
                known = !"H2".equals(em.unwrap(Connection.class).getMetaData().getDatabaseProductName());
            } catch (SQLException e) {
                throw new PersistenceException(e);
            }
            locksRowsAlone = known;
        }
        return known;
    }

    private static boolean isLockedElsewhere(PersistenceException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCKED_ELSEWHERE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private Locked lock(Owner owner, String patience) {
        List<?> rows = locking(owner, patience);
        if (rows.isEmpty()) {
            insert(owner);
            rows = locking(owner, patience);
        }
        Object[] row = (Object[]) rows.get(0);
        return new Locked(BookRow.state(row, owner), DatabaseTime.of(row[LOCKED_AT]));
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
        int rows = update(changed)
                .setParameter(1, changed.generation())
                .setParameter(2, changed.lastGeneration())
                .setParameter(3, changed.digest().count())
                .setParameter(4, changed.digest().sum().bytes())
                .setParameter(5, changed.seq())
                .setParameter(6, changed.changesFrom())
                .setParameter(7, changed.openTasks())
                .setParameter(8, locked.revision() + 1)
                .setParameter(9, locked.id())
                .setParameter(10, locked.revision())
                .executeUpdate();
        if (rows != 1) {
            throw new StaleBookException(locked.id(), locked.revision());
        }
        return new BookState(
                locked.id(),
                locked.owner(),
                locked.key(),
                changed.generation(),
                changed.lastGeneration(),
                changed.digest(),
                changed.seq(),
                changed.changesFrom(),
                changed.openTasks(),
                changed.hold(),
                locked.revision() + 1);
    }

    /** An absent hold is no parameter: PostgreSQL does not take an untyped null for a UUID. */
    private Query update(BookState changed) {
        String hold = changed.hold().isPresent() ? "?11, hold_until_millis = ?12" : "null, hold_until_millis = null";
        Query update = em.createNativeQuery("update book set generation = ?1, last_generation = ?2,"
                + " contact_count = ?3, entry_sum = ?4, seq = ?5, changes_from = ?6, open_tasks = ?7,"
                + " revision = ?8, hold_task = " + hold + " where id = ?9 and revision = ?10");
        changed.hold()
                .ifPresent(held -> update.setParameter(11, held.task().value())
                        .setParameter(12, held.leaseUntil().toEpochMilli()));
        return update;
    }

    /** One statement for the lock, the row and the time. */
    private List<?> locking(Owner owner, String patience) {
        return em.createNativeQuery("select " + BookRow.COLUMNS + ", " + DatabaseTime.MICROS
                        + " from book where owner_key = ?1 for update" + patience)
                .setParameter(1, owner.key())
                .getResultList();
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
