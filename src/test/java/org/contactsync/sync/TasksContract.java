package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.RECEIPT;
import static org.contactsync.sync.Examples.REFUSAL;
import static org.contactsync.sync.Examples.SILENCE;
import static org.contactsync.sync.Examples.SOME_CODE;
import static org.contactsync.sync.Examples.task;
import static org.contactsync.sync.Examples.upload;
import static org.contactsync.sync.Examples.waiting;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.task.UploadProgress;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Tasks} promises. */
public interface TasksContract {
    byte[] PAYLOAD = {0, 1, -1, 127, -128};

    /** The store under test; its tables are empty when the test begins. */
    TestStore store();

    @Test
    default void anUnknownTaskIsNotFound() {
        assertThat(store().tasks().find(task(1))).isEmpty();
        assertThat(store().tasks().payload(task(1))).isEmpty();
    }

    @Test
    default void aWaitingTaskIsFoundAsItWasWritten() {
        SyncTask task = waiting(1, aBook(), NOON.plus(7, ChronoUnit.MICROS));

        insertWaiting(task, NOON.plusMillis(5));

        assertThat(store().tasks().find(task.id())).contains(task);
        Tasks.Waiting payload = store().tasks().payload(task.id()).orElseThrow();
        assertThat(payload.payload()).isEqualTo(PAYLOAD);
        assertThat(payload.nextAttempt()).isEqualTo(NOON.plusMillis(5));
    }

    @Test
    default void theTaskOfAPersonIsFoundAsOne() {
        long book = aBook();
        SyncTask task = Examples.waiting(1, book, Examples.PHONE, Priority.USER, SOME_CODE);

        insertWaiting(task, NOON);

        assertThat(store().tasks().find(task.id())).contains(task);
    }

    /** A payload may be as large as a request (protocol 6.1), and larger than what H2 takes for a short value. */
    @Test
    default void aLargePayloadIsFoundAsItWasWritten() {
        byte[] large = new byte[5 * 1024 * 1024];
        large[large.length - 1] = 7;
        SyncTask task = waiting(1, aBook(), NOON);

        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().tasks().insertWaiting(task, large, Examples.TERMS, NOON);
        });

        assertThat(store().tasks().payload(task.id()).orElseThrow().payload()).isEqualTo(large);
    }

    /** What is decided about waiting tasks is decided without what they carry. */
    @Test
    default void waitingTasksAreKnownWithoutTheirPayloads() {
        long book = aBook();
        insertWaiting(waiting(1, book, NOON), NOON.plusMillis(5));
        Tasks.Terms rebases = new Tasks.Terms(false, NOON.plus(3, ChronoUnit.MICROS));
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().tasks().insertWaiting(waiting(2, book, NOON), new byte[70_000], rebases, NOON);
        });

        assertThat(store().tasks().parked(book))
                .containsExactlyInAnyOrder(
                        new Tasks.Parked(task(1), PAYLOAD.length, NOON.plusMillis(5), Optional.of(Examples.TERMS)),
                        new Tasks.Parked(task(2), 70_000, NOON, Optional.of(rebases)));
        assertThat(store().tasks().parked(book + 1)).isEmpty();
    }

    @Test
    default void timesAreCutToWhatTheRowKeeps() {
        Instant precise = NOON.plusNanos(123_456_789);

        SyncTask task = waiting(1, aBook(), precise);
        insertWaiting(task, precise);

        SyncTask found = store().tasks().find(task(1)).orElseThrow();
        assertThat(found.acceptedAt()).isEqualTo(precise.truncatedTo(ChronoUnit.MICROS));
        assertThat(found.expiresAt()).isEqualTo(task.expiresAt().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Protocol 8.7: an interrupted client reads where its upload is. */
    @Test
    default void anUploadIsFoundWithItsProgress() {
        SyncTask opened = upload(1, aBook(), TaskKind.CHANGES, NOON);
        UploadProgress progress = new UploadProgress(
                opened.upload().orElseThrow().plan(),
                4,
                2,
                5,
                new BookDigest(12, Examples.contact(1, "Ada", 1).entry()),
                3,
                2);

        insert(opened);
        SyncTask renewed = opened.renewed(progress, NOON.plusSeconds(60));
        update(renewed);

        assertThat(store().tasks().find(task(1))).contains(renewed);
    }

    /** Protocol 7.2: the answer is kept, a refusal too. */
    @Test
    default void aFinishedTaskIsFoundWithItsAnswer() {
        long book = aBook();
        SyncTask done = waiting(1, book, NOON)
                .finished(
                        TaskState.DONE, RECEIPT, Optional.of(new SyncTask.Applied(3, SOME_CODE)), NOON.plusSeconds(5));
        SyncTask refused =
                waiting(2, book, NOON).finished(TaskState.FAILED, REFUSAL, Optional.empty(), NOON.plusSeconds(5));

        insert(done);
        insert(refused);

        assertThat(store().tasks().find(task(1))).contains(done);
        assertThat(store().tasks().find(task(2))).contains(refused);
        assertThat(refused.answer().orElseThrow().retryAfter()).contains(Duration.ofSeconds(2));
    }

    @Test
    default void aLargeAnswerIsFoundAsItWasWritten() {
        Answer answer = new Answer(412, Optional.empty(), Optional.empty(), Optional.empty(), "\u5218".repeat(500_000));
        SyncTask refused =
                waiting(1, aBook(), NOON).finished(TaskState.FAILED, answer, Optional.empty(), NOON.plusSeconds(5));

        insert(refused);

        assertThat(store().tasks().find(task(1))).contains(refused);
    }

    /** Protocol 3.12: another user's task does not exist. */
    @Test
    default void aTaskIsFoundForItsOwnerOnly() {
        SyncTask task = waiting(1, aBook(), NOON);
        store().inTransaction(() -> store().books().lock(BOB).book());
        insertWaiting(task, NOON);

        assertThat(store().tasks().find(ADA, task.id())).contains(task);
        assertThat(store().tasks().find(BOB, task.id())).isEmpty();
    }

    /** Protocol 1.3: tasks run in the order in which they were accepted. */
    @Test
    default void waitingTasksAreInTheOrderTheyWereAddedWhateverTheirTimes() {
        long book = aBook();
        long other =
                store().inTransaction(() -> store().books().lock(BOB).book()).id();
        insertWaiting(waiting(1, book, NOON.plus(3, ChronoUnit.MICROS)), NOON);
        insertWaiting(waiting(2, book, NOON.plus(1, ChronoUnit.MICROS)), NOON);
        insertWaiting(waiting(3, book, NOON.plus(2, ChronoUnit.MICROS)), NOON);
        insertWaiting(waiting(4, other, NOON), NOON);
        insert(upload(5, book, TaskKind.REPLACE, NOON));

        assertThat(store().tasks().waiting(book)).extracting(SyncTask::id).containsExactly(task(1), task(2), task(3));
        assertThat(store().tasks().waiting(other)).extracting(SyncTask::id).containsExactly(task(4));
    }

    @Test
    default void aTaskThatHasFinishedDoesNotWaitAndHasNoPayload() {
        long book = aBook();
        SyncTask task = waiting(1, book, NOON);
        insertWaiting(task, NOON);

        update(task.finished(TaskState.CANCELLED, REFUSAL, Optional.empty(), NOON.plusSeconds(5)));

        assertThat(store().tasks().waiting(book)).isEmpty();
        assertThat(store().tasks().payload(task.id())).isEmpty();
        assertThat(store().tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    default void openUploadsAreInTheOrderTheyWereAccepted() {
        long book = aBook();
        insert(upload(1, book, TaskKind.REPLACE, NOON.plusSeconds(2)));
        insert(upload(2, book, TaskKind.CHANGES, NOON.plusSeconds(1)));
        SyncTask ended = upload(3, book, TaskKind.INITIAL, NOON);
        insert(ended);
        update(ended.finished(TaskState.EXPIRED, SILENCE, Optional.empty(), NOON.plusSeconds(9)));
        insertWaiting(waiting(4, book, NOON), NOON);

        assertThat(store().tasks().uploads(book)).extracting(SyncTask::id).containsExactly(task(2), task(1));
    }

    @Test
    default void anAttemptIsCountedAndPutOff() {
        SyncTask task = waiting(1, aBook(), NOON);
        insertWaiting(task, NOON);

        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().tasks().retryLater(task.attempted(), NOON.plusSeconds(4));
        });

        assertThat(store().tasks().find(task.id()).orElseThrow().attempts()).isEqualTo(1);
        assertThat(store().tasks().payload(task.id()).orElseThrow().nextAttempt())
                .isEqualTo(NOON.plusSeconds(4));
    }

    @Test
    default void aTaskThatIsTriedAgainKeepsItsPlace() {
        long book = aBook();
        SyncTask first = waiting(1, book, NOON);
        insertWaiting(first, NOON);
        insertWaiting(waiting(2, book, NOON), NOON);

        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().tasks().retryLater(first.attempted(), NOON.plusSeconds(4));
        });

        assertThat(store().tasks().waiting(book)).extracting(SyncTask::id).containsExactly(task(1), task(2));
    }

    /** Protocol 5.4: what changed since a code is known while a task that led to it is remembered. */
    @Test
    default void theLatestSequenceNumberOfACodeIsRemembered() {
        long book = aBook();
        insert(done(1, book, 3, SOME_CODE));
        insert(done(2, book, 5, SOME_CODE));
        insert(done(3, book, 4, OTHER_CODE));

        assertThat(store().tasks().seqsOf(book, List.of(SOME_CODE))).isEqualTo(Map.of(SOME_CODE, 5L));
        assertThat(store().tasks().seqsOf(book, List.of(SOME_CODE, OTHER_CODE)))
                .isEqualTo(Map.of(SOME_CODE, 5L, OTHER_CODE, 4L));
        assertThat(store().tasks().seqsOf(book + 1, List.of(OTHER_CODE))).isEmpty();
        assertThat(store().tasks().seqsOf(book + 1, List.of(SOME_CODE, OTHER_CODE)))
                .isEmpty();
    }

    @Test
    default void aTransactionThatThrowsLeavesNoTask() {
        SyncTask task = waiting(1, aBook(), NOON);

        assertThatThrownBy(() -> store().inTransaction(() -> {
                    store().books().lock(ADA);
                    store().tasks().insertWaiting(task, PAYLOAD, Examples.TERMS, NOON);
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");

        assertThat(store().tasks().find(task.id())).isEmpty();
    }

    private static SyncTask done(int n, long book, long seq, org.contactsync.checkcode.CheckCode code) {
        return waiting(n, book, NOON)
                .finished(TaskState.DONE, SILENCE, Optional.of(new SyncTask.Applied(seq, code)), NOON.plusSeconds(5));
    }

    private long aBook() {
        return store().inTransaction(() -> store().books().lock(ADA).book()).id();
    }

    private void insert(SyncTask task) {
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().tasks().insert(task);
        });
    }

    private void update(SyncTask task) {
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().tasks().update(task);
        });
    }

    private void insertWaiting(SyncTask task, Instant nextAttempt) {
        store().inTransaction(() -> {
            store().books().lock(ADA);
            store().tasks().insertWaiting(task, PAYLOAD, Examples.TERMS, nextAttempt);
        });
    }
}
