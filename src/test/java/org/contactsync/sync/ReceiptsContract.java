package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.SOME_CODE;
import static org.contactsync.sync.Examples.TABLET;
import static org.contactsync.sync.Examples.task;

import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.BookState.Hold;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Books} promises of a book that is saved together with the task that changed it. */
public interface ReceiptsContract {
    /** The store under test; its tables are empty when the test begins. */
    TestStore store();

    @Test
    default void aBookAndItsTaskAreBothSaved() {
        BookState book = locked();
        SyncTask done = done(book);

        store().inTransaction(() -> store().books().save(book, changed(book), done));

        BookState saved = store().books().read(ADA).orElseThrow();
        assertThat(saved).usingRecursiveComparison().ignoringFields("revision").isEqualTo(changed(book));
        assertThat(saved.revision()).isEqualTo(book.revision() + 1);
        assertThat(store().tasks().find(done.id())).contains(done);
        assertThat(store().tasks().seqOf(book.id(), OTHER_CODE)).contains(1L);
    }

    /** What a refused task leaves out is left out in its row. */
    @Test
    default void aTaskMayHaveNoDeviceAndNoCode() {
        BookState book = locked();
        SyncTask refused = Examples.waiting(1, book.id(), Optional.empty(), Priority.USER, SOME_CODE)
                .finished(
                        TaskState.FAILED,
                        Answer.refused(new Problem.TaskWaiting(4)),
                        Optional.empty(),
                        NOON.plusSeconds(5));

        store().inTransaction(() -> store().books().save(book, book.withOpenTasks(2), refused));

        assertThat(store().tasks().find(refused.id())).contains(refused);
        assertThat(store().books().read(ADA).orElseThrow().openTasks()).isEqualTo(2);
    }

    @Test
    default void aHeldBookIsSavedWithItsHold() {
        BookState book = locked();
        Hold hold = new Hold(task(9), NOON.plusSeconds(9));
        SyncTask done = done(book);

        store().inTransaction(() -> store().books().save(book, changed(book).withHold(hold), done));

        assertThat(store().books().read(ADA).orElseThrow().hold()).contains(hold);
        assertThat(store().tasks().find(done.id())).contains(done);
    }

    /** Protocol 1.3: a stale writer leaves no receipt either. */
    @Test
    default void aStaleWriterSavesNeither() {
        BookState stale = locked();
        BookState now = store().inTransaction(() -> store().books().save(stale, stale.withOpenTasks(1)));

        assertThatThrownBy(() -> store().inTransaction(() -> store().books().save(stale, changed(stale), done(stale))))
                .isInstanceOf(StaleBookException.class);

        assertThat(store().books().read(ADA)).contains(now);
        assertThat(store().tasks().find(task(1))).isEmpty();
    }

    /** The second of two that did the same task at once changes nothing: not the book, not the first one's receipt. */
    @Test
    default void aTaskThatHasARowIsNotSavedAgain() {
        BookState book = locked();
        SyncTask first = done(book);
        store().inTransaction(() -> store().books().save(book, changed(book), first));
        BookState now = store().books().read(ADA).orElseThrow();
        SyncTask again = first.finished(
                TaskState.DONE,
                Answer.noContent(),
                Optional.of(new SyncTask.Applied(2, SOME_CODE)),
                NOON.plusSeconds(9));

        assertThatThrownBy(() -> store().inTransaction(() -> store().books().save(now, now.withOpenTasks(3), again)))
                .isInstanceOf(StaleBookException.class);

        assertThat(store().books().read(ADA)).contains(now);
        assertThat(store().tasks().find(first.id())).contains(first);
    }

    /** A task that has a row is never taken for a new one. */
    @Test
    default void aTaskThatHasARowIsSeenWithTheLock() {
        BookState book = locked();
        store().inTransaction(() -> store().books().save(book, changed(book), done(book)));

        assertThat(store().inTransaction(() -> store().books().lockNow(ADA, task(1)))
                        .unseen())
                .isFalse();
    }

    private BookState locked() {
        return store().inTransaction(() -> store().books().lock(ADA).book());
    }

    private static BookState changed(BookState book) {
        return book.advanced(BookDigest.EMPTY.plus(Examples.contact(1, "Ada", 1).entry()));
    }

    private static SyncTask done(BookState book) {
        SyncResult result = new SyncResult(task(1), OTHER_CODE, 1, 1, 1, 0, false, Optional.empty());
        return Examples.waiting(1, book.id(), TABLET, Priority.BACKGROUND, SOME_CODE)
                .finished(
                        TaskState.DONE,
                        Answer.done(result),
                        Optional.of(new SyncTask.Applied(1, OTHER_CODE)),
                        NOON.plusSeconds(5));
    }
}
