package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.CODES;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.task;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.Examples.update;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.task.Books;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Books} promises. */
public interface BooksContract {
    /** The store under test; its tables are empty when the test begins. */
    TestStore store();

    /** Protocol 4.2.1: the book of a user is made, empty, at the first request. */
    @Test
    default void aNewOwnersBookIsEmpty() {
        BookState book = store().inTransaction(() -> store().books().lock(ADA).book());

        assertThat(book.owner()).isEqualTo(ADA);
        assertThat(book.digest()).isEqualTo(BookDigest.EMPTY);
        assertThat(book.seq()).isZero();
        assertThat(book.openTasks()).isZero();
        assertThat(book.hold()).isEmpty();
    }

    /** One clock for all instances. */
    @Test
    default void theLockTellsTheTimeOfTheStore() {
        Instant before = store().inTransaction(() -> store().housekeeping().now());
        Instant locked = store().inTransaction(() -> store().books().lock(ADA).now());
        Instant after = store().inTransaction(() -> store().housekeeping().now());

        assertThat(locked).isBetween(before, after);
        assertThat(Duration.between(before, after)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    default void anOwnerWithoutABookReadsNone() {
        assertThat(store().books().read(ADA)).isEmpty();
    }

    @Test
    default void theSecondLockFindsTheSameBook() {
        BookState first = store().inTransaction(() -> store().books().lock(ADA).book());
        BookState second = store().inTransaction(() -> store().books().lock(ADA).book());

        assertThat(second).isEqualTo(first);
    }

    /** Protocol 2.5.2: each book has its own key. */
    @Test
    default void eachOwnerHasABookAndAKeyOfTheirOwn() {
        BookState ada = store().inTransaction(() -> store().books().lock(ADA).book());
        BookState bob = store().inTransaction(() -> store().books().lock(BOB).book());

        assertThat(bob.id()).isNotEqualTo(ada.id());
        assertThat(bob.key()).isNotEqualTo(ada.key());
    }

    @Test
    default void whatIsSavedIsReadAgain() {
        BookState locked = store().inTransaction(() -> store().books().lock(ADA).book());
        BookDigest digest = BookDigest.EMPTY.plus(Examples.contact(1, "Ada", 1).entry());
        BookState.Hold hold = new BookState.Hold(task(1), NOON.plusMillis(7));
        BookState changed = locked.advanced(digest, 51)
                .withNewGeneration()
                .switched(
                        1,
                        digest.plus(CODES.entry(uid(2), CODES.contentHash(Examples.card("Bob")))),
                        OptionalLong.of(7))
                .withOpenTasks(3)
                .withHold(hold);

        BookState saved = store().inTransaction(() -> store().books().apply(update(locked, changed)));

        assertThat(store().books().read(ADA)).contains(saved);
        assertThat(saved.revision()).isEqualTo(locked.revision() + 1);
        assertThat(saved).usingRecursiveComparison().ignoringFields("revision").isEqualTo(changed);
    }

    /** Bytes that were not counted are told from none. */
    @Test
    default void theBytesOfCardsMayBeUnknown() {
        BookState locked = store().inTransaction(() -> store().books().lock(ADA).book());
        BookDigest digest = BookDigest.EMPTY.plus(Examples.contact(1, "Ada", 1).entry());

        BookState unknown = store().inTransaction(() ->
                store().books().apply(update(locked, locked.switched(1, digest, OptionalLong.empty()))));

        assertThat(store().books().read(ADA).orElseThrow().cardBytes()).isEmpty();
        BookState known = store().inTransaction(() -> store().books().save(unknown, unknown.counted(51)));
        assertThat(store().books().read(ADA)).contains(known);
        assertThat(known.advanced(digest, -1).cardBytes()).hasValue(50);
    }

    @Test
    default void aHoldThatIsReleasedIsGone() {
        BookState locked = store().inTransaction(() -> store().books().lock(ADA).book());
        BookState held = store().inTransaction(() ->
                store().books().save(locked, locked.withHold(new BookState.Hold(task(1), NOON))));

        store().inTransaction(() -> store().books().save(held, held.released()));

        assertThat(store().books().read(ADA).orElseThrow().hold()).isEmpty();
    }

    /** Who has changed something else of the book moves its revision on, so that nobody believes what was read before. */
    @Test
    default void aBookThatIsSavedAsItIsHasANewRevision() {
        BookState locked = store().inTransaction(() -> store().books().lock(ADA).book());

        BookState saved = store().inTransaction(() -> store().books().save(locked, locked));

        assertThat(saved.revision()).isEqualTo(locked.revision() + 1);
        assertThat(store().books().read(ADA)).contains(saved);
    }

    /** Protocol 1.3: tasks of a user do not overlap. */
    @Test
    default void aStaleWritersSaveThrowsAndChangesNothing() {
        BookState stale = store().inTransaction(() -> store().books().lock(ADA).book());
        BookState now = store().inTransaction(() -> store().books().save(stale, stale.withOpenTasks(1)));

        assertThatThrownBy(() -> store().inTransaction(() -> store().books().save(stale, stale.withOpenTasks(9))))
                .isInstanceOf(StaleBookException.class);
        assertThat(store().books().read(ADA)).contains(now);
    }

    @Test
    default void aTransactionThatThrowsChangesNothing() {
        BookState before = store().inTransaction(() -> store().books().lock(ADA).book());

        assertThatThrownBy(() -> store().inTransaction(() -> {
                    BookState locked = store().books().lock(ADA).book();
                    store().books().save(locked, locked.withOpenTasks(5));
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");

        assertThat(store().books().read(ADA)).contains(before);
    }

    /** Protocol 1.3: the second writer waits, and then sees what the first one wrote. */
    @Test
    default void aSecondWriterWaitsForTheFirst() throws Exception {
        store().inTransaction(() -> store().books().lock(ADA).book());
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<BookState> first = CompletableFuture.supplyAsync(() -> store().inTransaction(() -> {
            BookState mine = store().books().lock(ADA).book();
            locked.countDown();
            Latch.await(mayEnd);
            return store().books().save(mine, mine.withOpenTasks(1));
        }));
        locked.await();
        CompletableFuture<BookState> second = CompletableFuture.supplyAsync(
                () -> store().inTransaction(() -> store().books().lock(ADA).book()));

        assertThat(second).isNotDone();
        mayEnd.countDown();

        assertThat(second.get()).isEqualTo(first.get());
    }

    /** Two first requests of a user at once make one book. */
    @Test
    default void twoFirstRequestsMakeOneBook() throws Exception {
        Owner eve = Examples.owner("eve");
        CompletableFuture<BookState> one = CompletableFuture.supplyAsync(
                () -> store().inTransaction(() -> store().books().lock(eve).book()));
        CompletableFuture<BookState> other = CompletableFuture.supplyAsync(
                () -> store().inTransaction(() -> store().books().lock(eve).book()));

        assertThat(one.get()).isEqualTo(other.get());
        assertThat(store().books().read(eve)).isEqualTo(Optional.of(one.get()));
    }
}
