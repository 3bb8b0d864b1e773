package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.BookState;
import org.contactsync.sync.Books;
import org.contactsync.sync.StaleBookException;

/** Books in the table {@code book}. Thread-safe, as the container's entity manager is. */
final class JpaBooks implements Books {
    private final EntityManager em;
    private final SecureRandom random = new SecureRandom();

    JpaBooks(EntityManager em) {
        this.em = em;
    }

    @Override
    public BookState lock(Owner owner) {
        List<BookRow> rows = locking(owner);
        if (rows.isEmpty()) {
            insert(owner);
            rows = locking(owner);
        }
        return rows.get(0).state();
    }

    @Override
    public Optional<BookState> read(Owner owner) {
        return byOwner(owner).getResultStream().findFirst().map(BookRow::state);
    }

    @Override
    public BookState save(BookState locked, BookState changed) {
        int rows = update(changed)
                .setParameter("generation", changed.generation())
                .setParameter("lastGeneration", changed.lastGeneration())
                .setParameter("count", changed.digest().count())
                .setParameter("sum", changed.digest().sum().bytes())
                .setParameter("seq", changed.seq())
                .setParameter("changesFrom", changed.changesFrom())
                .setParameter("openTasks", changed.openTasks())
                .setParameter("next", locked.revision() + 1)
                .setParameter("id", locked.id())
                .setParameter("revision", locked.revision())
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
        String hold = changed.hold().isPresent()
                ? ":holdTask, b.holdUntilMillis = :holdUntil"
                : "null, b.holdUntilMillis = null";
        Query update =
                em.createQuery("update Book b set b.generation = :generation, b.lastGeneration = :lastGeneration,"
                        + " b.contactCount = :count, b.entrySum = :sum, b.seq = :seq, b.changesFrom = :changesFrom,"
                        + " b.openTasks = :openTasks, b.holdTask = " + hold
                        + ", b.revision = :next where b.id = :id and b.revision = :revision");
        changed.hold()
                .ifPresent(held -> update.setParameter("holdTask", held.task().value())
                        .setParameter("holdUntil", held.leaseUntil().toEpochMilli()));
        return update;
    }

    private List<BookRow> locking(Owner owner) {
        return byOwner(owner).setLockMode(LockModeType.PESSIMISTIC_WRITE).getResultList();
    }

    private TypedQuery<BookRow> byOwner(Owner owner) {
        return em.createQuery("select b from Book b where b.ownerKey = :key", BookRow.class)
                .setParameter("key", owner.key());
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
