package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.RECEIPT;
import static org.contactsync.sync.Examples.REFUSAL;
import static org.contactsync.sync.Examples.SILENCE;
import static org.contactsync.sync.Examples.SOME_CODE;
import static org.contactsync.sync.Examples.TABLET;
import static org.contactsync.sync.Examples.contact;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.task;
import static org.contactsync.sync.Examples.tombstone;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.Examples.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.BookState.Hold;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.contactsync.sync.task.SyncTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every implementation of {@link Books} promises of a book that is saved together with the task that changed it. */
public interface ReceiptsContract {
    /** The store under test; its tables are empty when the test begins. */
    TestStore store();

    @Test
    default void aBookAndItsTaskAreBothSaved() {
        BookState book = locked();
        SyncTask done = done(book);

        store().inTransaction(() -> store().books().apply(update(book, changed(book), Writes.NONE, done)));

        BookState saved = store().books().read(ADA).orElseThrow();
        assertThat(saved).usingRecursiveComparison().ignoringFields("revision").isEqualTo(changed(book));
        assertThat(saved.revision()).isEqualTo(book.revision() + 1);
        assertThat(store().tasks().find(done.id())).contains(done);
        assertThat(store().tasks().seqsOf(book.id(), List.of(OTHER_CODE))).containsEntry(OTHER_CODE, 1L);
    }

    /** Contacts that are changed, deleted, new; one, several or none of them at a time. */
    @ParameterizedTest
    @ValueSource(strings = {"", "c", "d", "n", "cn", "dcn", "nn"})
    default void contactsAreSavedWithTheirBook(String kinds) {
        BookState book = locked();
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().contacts().insert(book.id(), 0, List.of(contact(1, "Ada", 1), contact(2, "Bob", 1)));
        });
        Map<Character, StoredContact> all =
                Map.of('c', contact(1, "Ada King", 2), 'd', tombstone(2, 2), 'n', contact(3, "Cy", 2));
        List<StoredContact> written = new ArrayList<>(
                kinds.chars().mapToObj(kind -> all.get((char) kind)).toList());
        if (kinds.equals("nn")) {
            written.set(1, contact(4, "Di", 2));
        }
        SyncTask done = done(book);

        store().inTransaction(() ->
                store().books().apply(update(book, changed(book), new Writes(written, Set.of(uid(1), uid(2))), done)));

        assertThat(store().contacts()
                        .changedSince(book.id(), 0, 1, Optional.empty(), new RowPage.Bounds(10, 1_000_000))
                        .rows())
                .containsExactlyInAnyOrderElementsOf(written);
        assertThat(store().tasks().find(done.id())).contains(done);
        assertThat(store().books().read(ADA).orElseThrow().seq()).isEqualTo(1);
    }

    /** A contact that came from no device, and a book of a later generation. */
    @Test
    default void contactsAreSavedInTheGenerationOfTheirBook() {
        BookState first = locked();
        BookState book = store().inTransaction(() -> store().books()
                .apply(update(first, first.withNewGeneration().switched(1, BookDigest.EMPTY, OptionalLong.of(0)))));
        StoredContact of0 = contact(1, "Ada", 1);
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().contacts().insert(book.id(), 0, List.of(of0));
        });
        StoredContact of1 = Effect.contact((Change.Put) put(1, "Ada King"), Examples.CODES, 2, Optional.empty());

        store().inTransaction(() ->
                store().books().apply(update(book, changed(book), new Writes(List.of(of1), Set.of()), done(book))));

        assertThat(store().pages().contact(book.id(), 0, uid(1))).contains(of0);
        assertThat(store().pages().contact(book.id(), 1, uid(1))).contains(of1);
    }

    /** What a refused task leaves out is left out in its row. */
    @Test
    default void aTaskMayHaveNoDeviceAndNoCode() {
        BookState book = locked();
        SyncTask refused = Examples.waiting(1, book.id(), Optional.empty(), Priority.USER, SOME_CODE)
                .finished(TaskState.FAILED, REFUSAL, Optional.empty(), NOON.plusSeconds(5));

        store().inTransaction(() -> store().books().apply(update(book, book.withOpenTasks(2), Writes.NONE, refused)));

        assertThat(store().tasks().find(refused.id())).contains(refused);
        assertThat(store().books().read(ADA).orElseThrow().openTasks()).isEqualTo(2);
    }

    @Test
    default void aHeldBookIsSavedWithItsHold() {
        BookState book = locked();
        Hold hold = new Hold(task(9), NOON.plusSeconds(9));
        SyncTask done = done(book);

        store().inTransaction(
                        () -> store().books().apply(update(book, changed(book).withHold(hold), Writes.NONE, done)));

        assertThat(store().books().read(ADA).orElseThrow().hold()).contains(hold);
        assertThat(store().tasks().find(done.id())).contains(done);
    }

    /** Protocol 1.3: a stale writer leaves no receipt either. */
    @Test
    default void aStaleWriterSavesNeither() {
        BookState stale = locked();
        BookState now = store().inTransaction(() -> store().books().save(stale, stale.withOpenTasks(1)));

        Writes one = new Writes(List.of(contact(1, "Ada", 1)), Set.of());
        assertThatThrownBy(() -> store().inTransaction(
                                () -> store().books().apply(update(stale, changed(stale), one, done(stale)))))
                .isInstanceOf(StaleBookException.class);
        assertThat(store().pages().contact(now.id(), 0, uid(1))).isEmpty();

        assertThat(store().books().read(ADA)).contains(now);
        assertThat(store().tasks().find(task(1))).isEmpty();
    }

    /** The second of two that did the same task at once changes nothing: not the book, not the first one's receipt. */
    @Test
    default void aTaskThatHasARowIsNotSavedAgain() {
        BookState book = locked();
        SyncTask first = done(book);
        store().inTransaction(() -> store().books().apply(update(book, changed(book), Writes.NONE, first)));
        BookState now = store().books().read(ADA).orElseThrow();
        SyncTask again = first.finished(
                TaskState.DONE, SILENCE, Optional.of(new SyncTask.Applied(2, SOME_CODE)), NOON.plusSeconds(9));

        Writes one = new Writes(List.of(contact(1, "Ada", 1)), Set.of());
        assertThatThrownBy(() -> store().inTransaction(() ->
                        store().books().apply(update(now, changed(now).withOpenTasks(3), one, again))))
                .isInstanceOf(StaleBookException.class);
        assertThat(store().pages().contact(now.id(), 0, uid(1))).isEmpty();

        assertThat(store().books().read(ADA)).contains(now);
        assertThat(store().tasks().find(first.id())).contains(first);
    }

    /** A task that has a row is never taken for a new one. */
    @Test
    default void aTaskThatHasARowIsSeenWithTheLock() {
        BookState book = locked();
        store().inTransaction(() -> store().books().apply(update(book, changed(book), Writes.NONE, done(book))));

        assertThat(store().inTransaction(() ->
                        store().books().lockNow(ADA, wanted(task(1))).task(task(1))))
                .contains(done(book));
    }

    /** What is told of a contact with the lock is as it is: of another generation, deleted, or not there at all. */
    @Test
    default void aContactIsSeenWithTheLockAsItIs() {
        BookState book = locked();
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().contacts().insert(book.id(), 0, List.of(contact(1, "Ada", 1), tombstone(2, 1)));
            store().contacts().insert(book.id(), 1, List.of(contact(1, "of another", 1), contact(3, "Cy", 1)));
        });

        for (Uid uid : List.of(uid(1), uid(2), uid(3), uid(4))) {
            Map<Uid, Mark> marks = store().contacts().marks(book.id(), 0, List.of(uid));
            store().inTransaction(() -> {
                Locked locked = store().books().lockNow(ADA, wanted(task(1), uid));
                assertThat(locked.book()).isEqualTo(book);
                assertThat(locked.marks(List.of(uid))).as(uid.value()).isEqualTo(marks);
            });
        }
    }

    /** Asked for or not, a locked book answers. */
    @Test
    default void aLockedBookAnswersWhatWasNotAskedForWithTheLock() {
        BookState book = locked();
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().contacts().insert(book.id(), 0, List.of(contact(1, "Ada", 1), tombstone(2, 1)));
        });
        store().inTransaction(() -> store().books().apply(update(book, changed(book), Writes.NONE, done(book))));
        List<Uid> uids = List.of(uid(1), uid(2), uid(3));
        Map<Uid, Mark> marks = store().contacts().marks(book.id(), 0, uids);

        store().inTransaction(() -> {
            Locked locked = store().books().lockNow(ADA, wanted(task(7), uid(3)));
            assertThat(locked.marks(uids)).isEqualTo(marks).hasSize(2);
            assertThat(locked.task(task(1))).contains(done(book));
            assertThat(locked.task(task(7))).isEmpty();
        });
        assertThat(store().inTransaction(() -> store().books().lock(ADA).marks(uids)))
                .isEqualTo(marks);
        assertThat(store().inTransaction(() ->
                        store().books().lockNow(ADA, Wanted.NOTHING).task(task(1))))
                .contains(done(book));
    }

    static Wanted wanted(TaskId task, Uid... uids) {
        return new Wanted(Optional.of(task), List.of(uids));
    }

    private BookState locked() {
        return store().inTransaction(() -> store().books().lock(ADA).book());
    }

    private static BookState changed(BookState book) {
        return book.advanced(BookDigest.EMPTY.plus(contact(1, "Ada", 1).entry()), 51);
    }

    private static SyncTask done(BookState book) {
        return Examples.waiting(1, book.id(), TABLET, Priority.BACKGROUND, SOME_CODE)
                .finished(
                        TaskState.DONE,
                        RECEIPT,
                        Optional.of(new SyncTask.Applied(book.seq() + 1, OTHER_CODE)),
                        NOON.plusSeconds(5));
    }
}
