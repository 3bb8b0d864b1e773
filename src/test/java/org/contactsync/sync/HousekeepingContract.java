package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ACKNOWLEDGEMENT;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.SILENCE;
import static org.contactsync.sync.Examples.contact;
import static org.contactsync.sync.Examples.digest;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.task;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.Examples.upload;
import static org.contactsync.sync.Examples.waiting;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.upload.Staging;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Housekeeping} promises. */
public interface HousekeepingContract {
    Instant AGAIN = NOON.plusSeconds(15);

    /** The store under test; its tables are empty when the test begins. */
    TestStore store();

    @Test
    default void nothingIsDueAtFirst() {
        assertThat(due(NOON)).isEmpty();
        assertThat(store().inTransaction(() -> store().housekeeping().removeGarbage(10)))
                .isZero();
        assertThat(store().inTransaction(() -> store().housekeeping().forgetTasks(NOON, 10)))
                .isZero();
    }

    /** Protocol 4.3.7: a task that was answered 202 is never lost. */
    @Test
    default void theOwnerOfATaskWhoseAttemptIsDueIsNamedOnceUntilAgain() {
        insertWaiting(waiting(1, book(ADA), NOON), NOON);
        insertWaiting(waiting(2, book(BOB), NOON), NOON.plusSeconds(1));

        assertThat(due(NOON.minusMillis(1))).isEmpty();
        assertThat(due(NOON)).containsExactly(ADA);
        assertThat(due(NOON.plusMillis(1))).isEmpty();
        assertThat(due(NOON.plusSeconds(1))).containsExactly(BOB);
        assertThat(due(AGAIN)).containsExactlyInAnyOrder(ADA, BOB);
    }

    /** Otherwise what the sweeper sends would find the task put off by the sweeper, for ever. */
    @Test
    default void namingTheOwnerDoesNotPutTheAttemptOff() {
        SyncTask task = waiting(1, book(ADA), NOON);
        insertWaiting(task, NOON);

        assertThat(due(NOON)).containsExactly(ADA);

        assertThat(store().tasks().payload(task.id()).orElseThrow().nextAttempt())
                .isEqualTo(NOON);
    }

    @Test
    default void aTaskWhoseAttemptFailedIsDueAtItsNextAttempt() {
        SyncTask task = waiting(1, book(ADA), NOON);
        insertWaiting(task, NOON);
        assertThat(due(NOON)).containsExactly(ADA);

        store().inTransaction(() -> store().tasks().retryLater(task.attempted(), NOON.plusSeconds(2)));

        assertThat(due(NOON.plusSeconds(1))).isEmpty();
        assertThat(due(NOON.plusSeconds(2))).containsExactly(ADA);
    }

    @Test
    default void manyTasksOfOneOwnerNameItOnce() {
        insertWaiting(waiting(1, book(ADA), NOON), NOON);
        insertWaiting(waiting(2, book(ADA), NOON), NOON);

        assertThat(due(NOON)).containsExactly(ADA);
        assertThat(due(NOON)).isEmpty();
    }

    /** Protocol 8.7: the lease. */
    @Test
    default void theOwnerOfAnUploadWhoseLeaseHasEndedIsNamed() {
        SyncTask upload = upload(1, book(ADA), TaskKind.REPLACE, NOON);
        insert(upload);

        assertThat(due(upload.expiresAt().minusMillis(1))).isEmpty();
        assertThat(due(upload.expiresAt())).containsExactly(ADA);
    }

    /** Protocol 4.11.1: remembered for {@code taskRetentionSeconds} after its end, then forgotten. */
    @Test
    default void finishedTasksAreForgottenWhenTheirTimeIsOverAndOthersAreNot() {
        long book = book(ADA);
        insert(finished(waiting(1, book, NOON), TaskState.DONE, NOON.plusSeconds(1)));
        insert(finished(upload(2, book, TaskKind.REPLACE, NOON), TaskState.EXPIRED, NOON.plusSeconds(1)));
        insert(finished(waiting(3, book, NOON), TaskState.FAILED, NOON.plusSeconds(2)));
        insertWaiting(waiting(4, book, NOON.minusSeconds(86_400)), NOON);
        insert(upload(5, book, TaskKind.CHANGES, NOON.minusSeconds(86_400)));

        assertThat(forget(NOON.plusSeconds(1), 1)).isEqualTo(1);
        assertThat(forget(NOON.plusSeconds(1), 10)).isEqualTo(1);
        assertThat(forget(NOON.plusSeconds(1), 10)).isZero();

        assertThat(store().tasks().find(task(1))).isEmpty();
        assertThat(store().tasks().find(task(2))).isEmpty();
        assertThat(store().tasks().find(task(3))).isPresent();
        assertThat(store().tasks().find(task(4))).isPresent();
        assertThat(store().tasks().find(task(5))).isPresent();
    }

    @Test
    default void aDiscardedGenerationIsRemovedInSmallStepsAndNoOther() {
        long book = book(ADA);
        store().inTransaction(() -> {
            store().contacts()
                    .insert(
                            book,
                            0,
                            IntStream.range(0, 25)
                                    .mapToObj(n -> contact(n, "old", 1))
                                    .toList());
            store().contacts().insert(book, 1, List.of(contact(1, "new", 2)));
            store().staging().markForRemoval(book, 0, 25);
        });

        int steps = removeAll(10);

        assertThat(steps).isGreaterThanOrEqualTo(3);
        assertThat(store().pages()
                        .contacts(book, 0, Optional.empty(), new RowPage.Bounds(100, Long.MAX_VALUE))
                        .rows())
                .isEmpty();
        assertThat(store().pages()
                        .contacts(book, 1, Optional.empty(), new RowPage.Bounds(100, Long.MAX_VALUE))
                        .rows())
                .containsExactly(contact(1, "new", 2));
    }

    @Test
    default void whatADiscardedTaskStagedIsRemovedAndNoOther() {
        long book = book(ADA);
        Staging.Chunk chunk = new Staging.Chunk(digest("chunk"), ACKNOWLEDGEMENT);
        store().inTransaction(() -> {
            store().contacts().insert(book, 0, List.of(contact(1, "Ada", 1)));
            for (int n = 1; n <= 2; n++) {
                store().staging().addChunk(task(n), 1, chunk, new Staging.Bytes(3, 3));
                store().staging().addChanges(task(n), List.of(put(1, "a"), put(2, "b"), put(3, "c")));
            }
            store().staging().markForRemoval(book, task(1), 3);
        });

        removeAll(2);

        assertThat(store().inTransaction(() -> store().staging().changes(task(1), Optional.empty(), 9)))
                .isEmpty();
        assertThat(store().inTransaction(() -> store().staging().chunk(task(1), 1)))
                .isEmpty();
        assertThat(store().inTransaction(() -> store().staging().changes(task(2), Optional.empty(), 9)))
                .hasSize(3);
        assertThat(store().inTransaction(() -> store().staging().chunk(task(2), 1)))
                .contains(chunk);
        assertThat(store().pages().contact(book, 0, uid(1))).isPresent();
    }

    private int removeAll(int most) {
        for (int steps = 0; steps < 100; steps++) {
            if (store().inTransaction(() -> store().housekeeping().removeGarbage(most)) == 0) {
                return steps;
            }
        }
        throw new AssertionError("garbage is never all removed");
    }

    private List<Owner> due(Instant now) {
        return store().inTransaction(() -> store().housekeeping().due(now, AGAIN, 10));
    }

    private int forget(Instant now, int most) {
        return store().inTransaction(() -> store().housekeeping().forgetTasks(now, most));
    }

    private static SyncTask finished(SyncTask task, TaskState state, Instant forgottenAt) {
        return task.finished(state, SILENCE, Optional.empty(), forgottenAt);
    }

    private long book(Owner owner) {
        return store().inTransaction(() -> store().books().lock(owner).book()).id();
    }

    private void insert(SyncTask task) {
        store().inTransaction(() -> store().tasks().insert(task));
    }

    private void insertWaiting(SyncTask task, Instant nextAttempt) {
        store().inTransaction(() -> store().tasks().insertWaiting(task, new byte[] {1}, Examples.TERMS, nextAttempt));
    }
}
