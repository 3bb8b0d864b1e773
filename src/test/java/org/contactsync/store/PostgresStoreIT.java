package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.EntityManager;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.store.sql.BookSql;
import org.contactsync.store.sql.Sql;
import org.contactsync.sync.BooksContract;
import org.contactsync.sync.HousekeepingContract;
import org.contactsync.sync.Latch;
import org.contactsync.sync.ReceiptsContract;
import org.contactsync.sync.StagingContract;
import org.contactsync.sync.TasksContract;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactsContract;
import org.contactsync.sync.task.Books.Wanted;
import org.junit.jupiter.api.Test;

/** The stores keep the contracts on PostgreSQL. */
class PostgresStoreIT
        implements BooksContract,
                ReceiptsContract,
                ContactsContract,
                TasksContract,
                StagingContract,
                StagedRowsContract,
                HousekeepingContract,
                EarlierVersionContract,
                HistoryRetentionContract,
                ScrubContract,
                WebhookContract,
                LookupContract,
                AccountContract,
                PhotosContract,
                ObjectRowsContract,
                SlowReadingContract,
                BusyBookContract,
                SeenWithLockContract {
    private final JpaTestStore store = PostgresForStores.store().emptied();

    @Override
    public TestStore store() {
        return store;
    }

    @Override
    public JpaTestStore jpaStore() {
        return store;
    }

    /**
     * A book that was changed between the snapshot and the lock of the statement that reads a contact with it. Without
     * {@code nowait}, which leaves no time for that, it is the same statement.
     */
    @Test
    void aContactThatWasReadBeforeTheLockIsNotBelieved() throws Exception {
        Owner grace = new Owner("https://issuer.example", "grace");
        Uid uid = new Uid("a");
        store.inTransaction(() -> store.books().lock(grace).book());
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<BookState> writer = CompletableFuture.supplyAsync(() -> store.inTransaction(() -> {
            BookState book = store.books().lock(grace).book();
            locked.countDown();
            Latch.await(mayEnd);
            return store.books().save(book, book);
        }));
        locked.await();
        CompletableFuture<Object[]> reader = CompletableFuture.supplyAsync(() -> lockedWithContact(grace, uid));
        awaitOneThatWaitsForALock();
        mayEnd.countDown();

        BookState now = writer.get(60, TimeUnit.SECONDS);
        LockedRow row = locked(reader.get(60, TimeUnit.SECONDS), grace, uid);
        assertThat(row.book()).isEqualTo(now);
        assertThat(row.hasRead(uid)).isFalse();
        assertThat(locked(lockedWithContact(grace, uid), grace, uid).hasRead(uid))
                .isTrue();
    }

    private static LockedRow locked(Object[] row, Owner owner, Uid uid) {
        EntityManager none = (EntityManager) Proxy.newProxyInstance(
                PostgresStoreIT.class.getClassLoader(), new Class<?>[] {EntityManager.class}, (proxy, method, args) -> {
                    throw new AssertionError("asks the database");
                });
        Wanted wanted = new Wanted(Optional.of(TaskId.random()), List.of(uid));
        return new LockedRow(row, owner, wanted, new JpaContacts(none), new JpaTasks(none), none);
    }

    private Object[] lockedWithContact(Owner owner, Uid uid) {
        Sql sql = BookSql.LOCK_NOW_WITH_CONTACT;
        Object[] parameters = new Object[sql.parameters().size()];
        parameters[sql.number("owner") - 1] = owner.key();
        parameters[sql.number("task") - 1] = TaskId.random().value();
        parameters[sql.number("uid") - 1] = uid.utf8();
        return store.inTransaction(
                () -> store.rows(sql.text().replace(" nowait", ""), parameters).get(0));
    }

    /** Each statement is one that PostgreSQL takes. */
    @Test
    void everyStatementIsUnderstood() {
        for (Sql sql : Stream.concat(BookSql.COMMON.stream(), BookSql.POSTGRES.stream())
                .toList()) {
            String text = sql.text().replaceAll("\\?[0-9]+", "?");
            store.inTransaction(() -> {
                try (PreparedStatement statement = store.connection().prepareStatement(text)) {
                    // The driver asks the database only now.
                    assertThat(statement.getParameterMetaData().getParameterCount())
                            .as(sql.name())
                            .isPositive();
                } catch (SQLException e) {
                    throw new AssertionError(sql.name() + ": " + e.getMessage(), e);
                }
            });
        }
    }

    private void awaitOneThatWaitsForALock() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            List<Object[]> waiting = store.inTransaction(
                    () -> store.rows("select pid, 1 from pg_stat_activity where wait_event_type = 'Lock'"));
            if (!waiting.isEmpty()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("nobody waits for a lock");
    }

    @Override
    public String numbers() {
        return "generate_series(1, " + ROWS + ") x";
    }

    @Override
    public List<String> slowCondition() {
        return List.of("pg_sleep(0.02) is null");
    }
}
