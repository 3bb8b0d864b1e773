package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.Latch;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.task.Books.Wanted;
import org.junit.jupiter.api.Test;

/** What a database promises about a book that another transaction has locked. */
interface BusyBookContract {
    TestStore store();

    @Test
    default void aBookThatIsLockedElsewhereIsNotWaitedFor() throws Exception {
        Owner grace = new Owner("https://issuer.example", "grace");
        Owner other = new Owner("https://issuer.example", "other");
        store().inTransaction(
                        () -> store().books().lockNow(grace, Wanted.NOTHING).book());
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Long> holder = CompletableFuture.supplyAsync(() -> store().inTransaction(() -> {
            long id = store().books().lock(grace).book().id();
            locked.countDown();
            Latch.await(mayEnd);
            return id;
        }));
        locked.await();
        try {
            assertThatThrownBy(() -> store().inTransaction(() -> store().books().lockNow(grace, Wanted.NOTHING)))
                    .isInstanceOf(BookBusyException.class);
            assertThat(store().inTransaction(() -> store().books()
                            .lockNow(other, Wanted.NOTHING)
                            .book()
                            .seq()))
                    .isZero();
        } finally {
            mayEnd.countDown();
        }

        // its transaction has ended once its result is there
        long id = holder.get(60, TimeUnit.SECONDS);
        assertThat(store().inTransaction(() ->
                        store().books().lockNow(grace, Wanted.NOTHING).book().id()))
                .isEqualTo(id);
    }
}
