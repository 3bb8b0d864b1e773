package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.PHONE;
import static org.contactsync.sync.Examples.SILENCE;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Examples;
import org.contactsync.sync.Latch;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books.Claim;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.contactsync.sync.task.SyncTask;
import org.junit.jupiter.api.Test;

/** Books of several owners that are locked and written together, while others are at work. */
interface GroupContract {
    Owner CY = Examples.owner("cy");
    Owner NOBODY = Examples.owner("nobody");

    JpaTestStore jpaStore();

    @Test
    default void booksAreLockedInTheOrderOfTheClaimsWhateverTheirIdsAre() {
        List<BookState> books = made(ADA, BOB, CY);

        jpaStore().inTransaction(() -> {
            List<Optional<Locked>> locked = jpaStore().books().lockFree(claims(CY, NOBODY, ADA, BOB));
            assertThat(locked)
                    .extracting(each -> each.map(Locked::book))
                    .containsExactly(
                            Optional.of(books.get(2)),
                            Optional.empty(),
                            Optional.of(books.get(0)),
                            Optional.of(books.get(1)));
        });
        assertThat(jpaStore().inTransaction(() -> jpaStore().books().read(NOBODY)))
                .isEmpty();
    }

    @Test
    default void eachBookKnowsItsOwnTaskAndContact() {
        made(ADA, BOB);
        write(ADA, 1);
        Claim ofAda = new Claim(ADA, new Wanted(Optional.of(Examples.task(1)), List.of(uid(1))));
        Claim ofBob = new Claim(BOB, new Wanted(Optional.of(Examples.task(2)), List.of(uid(1))));

        jpaStore().inTransaction(() -> {
            List<Optional<Locked>> locked = jpaStore().books().lockFree(List.of(ofBob, ofAda));
            Locked bob = locked.get(0).orElseThrow();
            Locked ada = locked.get(1).orElseThrow();
            assertThat(ada.task(Examples.task(1))).isPresent();
            assertThat(ada.marks(List.of(uid(1)))).containsOnlyKeys(uid(1));
            assertThat(ada.marks(List.of(uid(1), uid(2)))).containsOnlyKeys(uid(1));
            assertThat(bob.task(Examples.task(2))).isEmpty();
            assertThat(bob.marks(List.of(uid(1)))).isEmpty();
        });
    }

    @Test
    default void aBookThatIsLockedElsewhereIsLeftOutAndTheOthersAreWritten() throws Exception {
        made(ADA, BOB, CY);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Long> holder =
                CompletableFuture.supplyAsync(() -> jpaStore().inTransaction(() -> {
                    long id = jpaStore().books().lock(BOB).book().id();
                    locked.countDown();
                    Latch.await(mayEnd);
                    return id;
                }));
        assertThat(locked.await(1, TimeUnit.MINUTES)).isTrue();
        try {
            List<Optional<BookState>> written = jpaStore().inTransaction(() -> {
                List<Optional<Locked>> free = jpaStore().books().lockFree(claims(ADA, BOB, CY));
                assertThat(free).extracting(Optional::isPresent).containsExactly(true, false, true);
                return jpaStore()
                        .books()
                        .applyAll(List.of(
                                adding(free.get(0).orElseThrow().book(), 1),
                                adding(free.get(2).orElseThrow().book(), 3)));
            });
            assertThat(written).extracting(each -> each.orElseThrow().seq()).containsExactly(1L, 1L);
        } finally {
            mayEnd.countDown();
        }
        holder.get(60, TimeUnit.SECONDS);
        assertThat(seq(ADA)).isEqualTo(1);
        assertThat(seq(BOB)).isZero();
        assertThat(seq(CY)).isEqualTo(1);
    }

    /** One of 64 does so. What it removes then would keep the books of all others locked. */
    @Test
    default void anUpdateThatLooksAtItsHistoryIsLeftOut() {
        BookState ada = made(ADA, BOB).get(0);
        moveTo(ADA, 63);
        moveTo(BOB, 64);
        List<String> ofAda = new JpaRows(jpaStore()).of(ada.id());

        List<Optional<BookState>> written = jpaStore().inTransaction(() -> {
            List<Optional<Locked>> locked = jpaStore().books().lockFree(claims(ADA, BOB));
            return jpaStore()
                    .books()
                    .applyAll(List.of(
                            adding(locked.get(0).orElseThrow().book(), 1),
                            adding(locked.get(1).orElseThrow().book(), 2)));
        });

        assertThat(written).extracting(Optional::isPresent).containsExactly(false, true);
        assertThat(new JpaRows(jpaStore()).of(ada.id())).isEqualTo(ofAda);
        assertThat(seq(BOB)).isEqualTo(65);
        write(ADA, 1);
        assertThat(seq(ADA)).isEqualTo(64);
    }

    private void moveTo(Owner owner, long seq) {
        jpaStore().inTransaction(() -> {
            long id = jpaStore().books().lock(owner).book().id();
            jpaStore().execute("update book set seq = ?1 where id = ?2", seq, id);
        });
    }

    /** Somebody wrote without the lock, which nobody does. */
    @Test
    default void aBookThatIsNotAtItsRevisionFailsTheWholeTransaction() {
        made(ADA, BOB);

        assertThatThrownBy(() -> jpaStore().inTransaction(() -> {
                    List<Optional<Locked>> locked = jpaStore().books().lockFree(claims(ADA, BOB));
                    BookState ada = locked.get(0).orElseThrow().book();
                    BookState bob = locked.get(1).orElseThrow().book();
                    jpaStore().execute("update book set revision = revision + 1 where id = ?1", bob.id());
                    jpaStore().books().applyAll(List.of(adding(ada, 1), adding(bob, 2)));
                }))
                .isInstanceOf(StaleBookException.class);

        assertThat(seq(ADA)).isZero();
        assertThat(seq(BOB)).isZero();
        assertThat(jpaStore().rows("select * from sync_task where book_id > ?1", -1))
                .isEmpty();
    }

    /** Their books, empty. */
    default List<BookState> made(Owner... owners) {
        return List.of(owners).stream()
                .map(owner -> jpaStore()
                        .inTransaction(() -> jpaStore().books().lock(owner).book()))
                .toList();
    }

    /** Adds a contact with a task of that number. */
    default void write(Owner owner, int task) {
        jpaStore().inTransaction(() -> {
            BookState book = jpaStore().books().lock(owner).book();
            return jpaStore().books().apply(adding(book, task));
        });
    }

    default long seq(Owner owner) {
        return jpaStore()
                .inTransaction(() -> jpaStore().books().read(owner).orElseThrow())
                .seq();
    }

    static List<Claim> claims(Owner... owners) {
        return List.of(owners).stream()
                .map(owner -> new Claim(owner, Wanted.NOTHING))
                .toList();
    }

    /** A task of that number adds a contact to an empty book. */
    static BookUpdate adding(BookState book, int task) {
        Effect effect = Effect.of(
                book.digest(), new CheckCodes(book.key()), List.of(put(1, "Ada")), Map.of(), book.seq() + 1, PHONE);
        BookState after = book.advanced(effect.digest(), effect.growth());
        SyncTask done = Examples.waiting(task, book.id(), NOON)
                .finished(
                        TaskState.DONE,
                        SILENCE,
                        Optional.of(new SyncTask.Applied(after.seq(), OTHER_CODE)),
                        NOON.plusSeconds(5));
        return Examples.update(book, after, effect.writes(), done);
    }
}
