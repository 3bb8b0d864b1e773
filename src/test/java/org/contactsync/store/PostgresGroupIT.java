package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.uid;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.Examples;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.task.Books.Claim;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.junit.jupiter.api.Test;

/** PostgreSQL keeps the contract, and leaves a task out that another transaction has done meanwhile. */
class PostgresGroupIT implements GroupContract {
    private static final Owner DAN = Examples.owner("dan");

    private final JpaTestStore store = PostgresForStores.store().emptied();

    @Override
    public JpaTestStore jpaStore() {
        return store;
    }

    /** Protocol 7.2: the same task, for a book that was made anew after it had been erased, or by chance. */
    @Test
    void aTaskThatWasDoneBetweenLockAndWriteHasNothingWrittenAndItsNeighboursAll() {
        List<BookState> before = made(ADA, BOB, CY, DAN);
        JpaRows rows = new JpaRows(store);
        List<String> ofBob = rows.of(before.get(1).id());

        List<Optional<BookState>> written = store.inTransaction(() -> {
            List<BookState> books = store.books().lockFree(GroupContract.claims(ADA, BOB, CY)).stream()
                    .map(locked -> locked.orElseThrow().book())
                    .toList();
            CompletableFuture.runAsync(() -> write(DAN, 2))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
            return store.books()
                    .applyAll(List.of(
                            GroupContract.adding(books.get(0), 1),
                            GroupContract.adding(books.get(1), 2),
                            GroupContract.adding(books.get(2), 3)));
        });

        assertThat(written).extracting(Optional::isPresent).containsExactly(true, false, true);
        assertThat(rows.of(before.get(1).id())).isEqualTo(ofBob);
        assertThat(List.of(seq(ADA), seq(CY), seq(DAN))).containsOnly(1L);
        assertThat(rows.of(before.get(0).id())).hasSize(4);
    }

    @Test
    void whenAllOfThemWereDoneNothingIsWritten() {
        made(ADA, BOB, DAN, CY);

        List<Optional<BookState>> written = store.inTransaction(() -> {
            List<BookState> books = store.books().lockFree(GroupContract.claims(ADA, BOB)).stream()
                    .map(locked -> locked.orElseThrow().book())
                    .toList();
            CompletableFuture.runAsync(() -> {
                        write(DAN, 1);
                        write(CY, 2);
                    })
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
            return store.books()
                    .applyAll(List.of(GroupContract.adding(books.get(0), 1), GroupContract.adding(books.get(1), 2)));
        });

        assertThat(written).containsOnly(Optional.empty());
        assertThat(List.of(seq(ADA), seq(BOB))).containsOnly(0L);
    }

    /** As for one book: without another statement. */
    @Test
    void taskAndContactAreReadWithTheLock() {
        made(ADA, BOB);
        write(ADA, 1);
        Claim ofAda = new Claim(ADA, new Wanted(Optional.of(Examples.task(3)), List.of(uid(1))));
        Claim ofBob = new Claim(BOB, new Wanted(Optional.of(Examples.task(1)), List.of(uid(1), uid(2))));

        store.inTransaction(() -> {
            List<Optional<Locked>> locked = store.books().lockFree(List.of(ofAda, ofBob));
            LockedRow ada = (LockedRow) locked.get(0).orElseThrow();
            LockedRow bob = (LockedRow) locked.get(1).orElseThrow();
            assertThat(ada.hasMissed(Examples.task(3))).isTrue();
            assertThat(ada.hasRead(uid(1))).isTrue();
            assertThat(ada.marks(List.of(uid(1)))).containsOnlyKeys(uid(1));
            assertThat(bob.hasMissed(Examples.task(1))).isFalse();
            assertThat(bob.hasRead(uid(1))).isFalse();
        });
    }
}
