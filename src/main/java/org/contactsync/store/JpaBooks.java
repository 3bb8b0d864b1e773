package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Query;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.store.history.HistoryRoom;
import org.contactsync.store.history.HistoryWriter;
import org.contactsync.store.sql.BookColumns;
import org.contactsync.store.sql.BookSql;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.store.sql.Sql;
import org.contactsync.store.write.WriteTogether;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.EndedTask;
import org.jspecify.annotations.Nullable;

/**
 * Stores books in the table {@code book}. On PostgreSQL the usual change is two statements: one locks the book and reads
 * the task and the contact with it, one writes all (decision 14). Thread-safe, as the container's entity manager is.
 */
final class JpaBooks implements Books {
    /** SQLSTATE: lock_not_available of PostgreSQL, LOCK_TIMEOUT_1 of H2. */
    private static final Set<String> LOCKED_ELSEWHERE = Set.of("55P03", "HYT00");

    /** The identity column starts with 1. */
    private static final long NO_BOOK = 0;

    private static final String READ_ALL = BookSql.readAll(MOST_AT_ONCE);

    private static final int MOST_MADE = 10;

    private static final UUID NO_TASK = new UUID(0, 0);

    private final EntityManager em;
    private final JpaContacts contacts;
    private final JpaTasks tasks;
    private final HistoryWriter history;
    private final HistoryRoom room;
    private final BookGroups groups;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable Boolean postgres;

    /** @param most that the history of a book may be at any time */
    JpaBooks(EntityManager em, Bounds most) {
        this.em = em;
        contacts = new JpaContacts(em);
        tasks = new JpaTasks(em);
        history = new HistoryWriter(em, new JpaStaging(em));
        room = new HistoryRoom(em, most);
        groups = new BookGroups(em, contacts, tasks);
    }

    @Override
    public Locked lock(Owner owner) {
        return locked(owner, findOrInsert(owner, locking(owner)), Wanted.NOTHING);
    }

    @Override
    public Optional<Locked> lockExisting(Owner owner) {
        return find(locking(owner)).map(row -> locked(owner, row, Wanted.NOTHING));
    }

    private Supplier<Sql.Bound> locking(Owner owner) {
        return isPostgres()
                ? () -> BookSql.LOCK.on(em).set("owner", owner.key())
                : () -> byId(BookSql.LOCK_BY_ID, owner);
    }

    @Override
    public Locked lockNow(Owner owner, Wanted wanted) {
        return now(() -> locked(owner, findOrInsert(owner, lockingNow(owner, wanted)), readWithLock(wanted)));
    }

    @Override
    public Optional<Locked> lockExistingNow(Owner owner, Wanted wanted) {
        return now(() -> find(lockingNow(owner, wanted)).map(row -> locked(owner, row, readWithLock(wanted))));
    }

    private static <T> T now(Supplier<T> locking) {
        try {
            return locking.get();
        } catch (PersistenceException e) {
            if (isLockedElsewhere(e)) {
                throw new BookBusyException(e);
            }
            throw e;
        }
    }

    @Override
    public List<Optional<Locked>> lockFree(List<Claim> claims) {
        if (isPostgres()) {
            return groups.lock(claims);
        }
        return claims.stream()
                .map(claim -> find(() -> byId(BookSql.LOCK_BY_ID_IF_FREE, claim.owner()))
                        .map(row -> locked(claim.owner(), row, Wanted.NOTHING)))
                .toList();
    }

    private Wanted readWithLock(Wanted wanted) {
        return isPostgres() ? wanted : Wanted.NOTHING;
    }

    private Locked locked(Owner owner, Object[] row, Wanted readWithIt) {
        return new LockedRow(row, owner, readWithIt, contacts, tasks, em);
    }

    private Sql.Bound byId(Sql locking, Owner owner) {
        List<?> found = BookSql.ID.on(em).set("owner", owner.key()).rows();
        return locking.on(em).set("book", found.isEmpty() ? NO_BOOK : found.get(0));
    }

    private Supplier<Sql.Bound> lockingNow(Owner owner, Wanted wanted) {
        return isPostgres() ? () -> lockedWith(owner, wanted) : () -> byId(BookSql.LOCK_BY_ID_NOW, owner);
    }

    private Sql.Bound lockedWith(Owner owner, Wanted wanted) {
        boolean contact = wanted.contacts().size() == 1;
        Sql.Bound lock = (contact ? BookSql.LOCK_NOW_WITH_CONTACT : BookSql.LOCK_NOW)
                .on(em)
                .set("owner", owner.key())
                .set("task", wanted.task().map(TaskId::value).orElse(NO_TASK));
        return contact ? lock.set("uid", wanted.contacts().get(0).utf8()) : lock;
    }

    /** Asked first by whatever uses a statement. */
    private boolean isPostgres() {
        Boolean known = postgres;
        if (known == null) {
            try {
                known = "PostgreSQL"
                        .equals(em.unwrap(Connection.class).getMetaData().getDatabaseProductName());
            } catch (SQLException e) {
                throw new PersistenceException(e);
            }
            Sql.register(em, BookSql.COMMON);
            if (known) {
                Sql.register(em, BookSql.POSTGRES);
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

    private Object[] findOrInsert(Owner owner, Supplier<Sql.Bound> locking) {
        List<?> rows = locking.get().rows();
        // A book that was just made may be erased before it is locked.
        for (int i = 0; rows.isEmpty() && i < MOST_MADE; i++) {
            insert(owner);
            rows = locking.get().rows();
        }
        return (Object[]) rows.get(0);
    }

    private static Optional<Object[]> find(Supplier<Sql.Bound> locking) {
        return locking.get().rows().stream().findFirst().map(row -> (Object[]) row);
    }

    private void insert(Owner owner) {
        BookSql.INSERT
                .on(em)
                .set("owner", owner.key())
                .set("issuer", owner.issuer())
                .set("subject", owner.subject())
                .set("checkKey", CheckKey.random(random).bytes())
                .set("entrySum", BookDigest.EMPTY.sum().bytes())
                .execute();
    }

    /** The row, not an entity: a request that reads twice must see what was committed between. */
    @Override
    public Optional<BookState> read(Owner owner) {
        List<?> rows = ReadingTime.bound(em.createNativeQuery(BookSql.READ.text()))
                .setParameter(BookSql.READ.number("owner"), owner.key())
                .getResultList();
        return rows.stream().findFirst().map(row -> BookColumns.read((Object[]) row, owner));
    }

    /** One statement for any number of owners: the last one is asked for repeatedly. */
    @Override
    public List<BookState> readAll(List<Owner> owners) {
        if (owners.isEmpty()) {
            return List.of();
        }
        Map<String, Owner> byKey = new HashMap<>();
        owners.forEach(owner -> byKey.put(owner.key(), owner));
        Query query = ReadingTime.bound(em.createNativeQuery(READ_ALL));
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            query.setParameter(i + 1, owners.get(Math.min(i, owners.size() - 1)).key());
        }
        List<BookState> found = new ArrayList<>();
        for (Object each : query.getResultList()) {
            Object[] row = (Object[]) each;
            Owner owner = byKey.get((String) row[BookColumns.COUNT]);
            if (owner != null) {
                found.add(BookColumns.read(row, owner));
            }
        }
        return found;
    }

    @Override
    public BookState apply(BookUpdate update) {
        BookState before = update.before();
        Optional<Sql.Bound> together = isPostgres() ? WriteTogether.statement(em, update) : Optional.empty();
        if (together.isPresent()) {
            requireOne(together.get().rows().size(), before);
            room.look(update);
            return update.after().saved();
        }
        return applyInParts(update);
    }

    private BookState applyInParts(BookUpdate update) {
        BookState before = update.before();
        update.ended().forEach(ended -> requireNew(ended, before));
        BookState saved = update.writesBook() ? writeRow(before, update.after()) : before;
        for (Writes slice : update.contacts().slices()) {
            history.keep(before, update.after().seq(), slice);
            contacts.write(before.id(), update.after().generation(), slice);
        }
        if (update.contacts() instanceof ContactChanges.Switched switched) {
            history.retire(update, switched);
        }
        update.cause().ifPresent(cause -> history.note(update, cause));
        history.keepLost(update);
        for (EndedTask ended : update.ended()) {
            if (ended.hasRow()) {
                tasks.update(ended.task());
            } else {
                tasks.insert(ended.task());
                em.flush();
            }
        }
        room.look(update);
        return saved;
    }

    @Override
    public List<Optional<BookState>> applyAll(List<BookUpdate> updates) {
        return isPostgres() ? groups.write(updates, room) : BookGroups.writeOneByOne(updates, this::apply);
    }

    private BookState writeRow(BookState before, BookState after) {
        Sql.Bound update = (after.hold().isPresent() ? BookSql.UPDATE_HELD : BookSql.UPDATE).on(em);
        BookColumns.bind(update, before, after);
        after.hold()
                .ifPresent(hold -> update.set("holdTask", hold.task().value())
                        .set("holdUntil", hold.leaseUntil().toEpochMilli()));
        requireOne(update.execute(), before);
        return after.saved();
    }

    private void requireNew(EndedTask ended, BookState before) {
        if (!ended.hasRow() && tasks.exists(ended.task().id())) {
            throw new StaleBookException(before.id(), before.revision());
        }
    }

    private static void requireOne(int rows, BookState before) {
        if (rows != 1) {
            throw new StaleBookException(before.id(), before.revision());
        }
    }
}
