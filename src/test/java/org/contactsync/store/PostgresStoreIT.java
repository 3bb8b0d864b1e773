package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.BookState;
import org.contactsync.sync.BooksContract;
import org.contactsync.sync.ContactsContract;
import org.contactsync.sync.HousekeepingContract;
import org.contactsync.sync.Latch;
import org.contactsync.sync.ReceiptsContract;
import org.contactsync.sync.StagingContract;
import org.contactsync.sync.TasksContract;
import org.contactsync.sync.TestStore;
import org.junit.jupiter.api.Test;

/** The stores keep the contracts on PostgreSQL. */
class PostgresStoreIT
        implements BooksContract,
                ReceiptsContract,
                ContactsContract,
                TasksContract,
                StagingContract,
                HousekeepingContract,
                EarlierVersionContract,
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

        BookState now = writer.get(10, TimeUnit.SECONDS);
        Object[] row = reader.get(10, TimeUnit.SECONDS);
        assertThat(BookRow.state(row, grace)).isEqualTo(now);
        assertThat(JpaBooks.seen(now, row, Optional.of(uid))).isEmpty();
        assertThat(JpaBooks.seen(now, lockedWithContact(grace, uid), Optional.of(uid)))
                .isEqualTo(Map.of(uid, Optional.empty()));
    }

    private Object[] lockedWithContact(Owner owner, Uid uid) {
        return store.inTransaction(() -> store.rows(
                        BookRow.LOCKING_WITH_CONTACT,
                        owner.key(),
                        TaskId.random().value(),
                        uid.utf8())
                .get(0));
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
}
