package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** A number of the database's advisory locks that nobody else uses. */
    private static final long PAUSE = 1_203_040_501;

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

    /**
     * A statement sees what was committed when it began. A book that is changed then, before its lock is reached, is read as it is now, and the
     * contact that was seen with it does not count; one that is erased is left out; the others are as if nothing had happened. The same
     * change that comes twice, here and in another instance, is written once.
     */
    @Test
    void aBookThatIsChangedBetweenTheSnapshotAndItsLockIsTheNewOne() {
        List<BookState> before = made(ADA, BOB, CY);
        JpaRows rows = new JpaRows(store);
        AtomicReference<List<String>> ofAda = new AtomicReference<>(List.of());

        List<Optional<BookState>> written = between(
                () -> {
                    write(ADA, 1);
                    store.inTransaction(() -> store.execute(
                            "delete from book where id = ?1", before.get(2).id()));
                    ofAda.set(rows.of(before.get(0).id()));
                },
                () -> {
                    List<Optional<Locked>> locked =
                            store.books().lockFree(List.of(claim(ADA, 1), claim(BOB, 2), claim(CY, 3)));
                    LockedRow ada = (LockedRow) locked.get(0).orElseThrow();
                    LockedRow bob = (LockedRow) locked.get(1).orElseThrow();
                    assertThat(ada.book()).isEqualTo(store.books().read(ADA).orElseThrow());
                    assertThat(ada.book().revision()).isEqualTo(before.get(0).revision() + 1);
                    assertThat(ada.hasRead(uid(1))).isFalse();
                    assertThat(ada.marks(List.of(uid(1)))).containsOnlyKeys(uid(1));
                    assertThat(bob.book()).isEqualTo(before.get(1));
                    assertThat(bob.hasRead(uid(1))).isTrue();
                    assertThat(locked.get(2)).isEmpty();
                    return store.books()
                            .applyAll(
                                    List.of(GroupContract.adding(ada.book(), 1), GroupContract.adding(bob.book(), 2)));
                });

        assertThat(written).extracting(Optional::isPresent).containsExactly(false, true);
        assertThat(rows.of(before.get(0).id())).isEqualTo(ofAda.get());
        assertThat(seq(BOB)).isEqualTo(1);
    }

    /**
     * Runs {@code group} in a transaction, and {@code meanwhile} when its first statement that reads contacts has begun and has locked no
     * book yet. Such a statement asks for the length of each card, and the function of this name that it finds first waits for a lock
     * that is held here.
     */
    private <T> T between(Runnable meanwhile, Supplier<T> group) {
        store.inTransaction(() -> {
            store.execute("create schema pausing");
            store.execute(
                    "create function pausing.octet_length(card bytea) returns integer language plpgsql volatile as"
                            + " 'begin perform pg_advisory_xact_lock_shared(" + PAUSE + ");"
                            + " return pg_catalog.octet_length(card); end'");
        });
        try {
            return store.inTransaction(() -> {
                        store.rows("select 1 from pg_advisory_xact_lock(" + PAUSE + ")");
                        CompletableFuture<T> running = started(() -> store.inTransaction(() -> {
                            store.execute("set local search_path = pausing, pg_catalog, public");
                            return group.get();
                        }));
                        await().pollInSameThread()
                                .atMost(LONGEST)
                                .until(() -> running.isDone()
                                        || !store.rows(
                                                        "select 1 from pg_locks where locktype = 'advisory' and not granted"
                                                                + " and classid = 0 and objsubid = 1 and objid = "
                                                                + PAUSE)
                                                .isEmpty());
                        assertThat(running).as("waits").isNotDone();
                        started(() -> {
                                    meanwhile.run();
                                    return true;
                                })
                                .join();
                        return running;
                    })
                    .join();
        } finally {
            store.inTransaction(() -> store.execute("drop schema pausing cascade"));
        }
    }

    private static <T> CompletableFuture<T> started(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task).start())
                .orTimeout(LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    private static Claim claim(Owner owner, int task) {
        return new Claim(owner, new Wanted(Optional.of(Examples.task(task)), List.of(uid(1))));
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
