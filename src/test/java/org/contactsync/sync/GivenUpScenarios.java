package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.util.Optional;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks.GivenUp;
import org.junit.jupiter.api.Test;

/** What operators can do with tasks that were given up, over whatever store. */
public abstract class GivenUpScenarios {
    private static final int ATTEMPTS = 6;

    private final TestStore store = newStore();
    private final TestService service = new TestService(store);
    private final TestDevice phone = service.device("phone");

    protected abstract TestStore newStore();

    @Test
    void aTaskThatWasGivenUpIsListedUntilItIsDropped() {
        ApplyChanges first = givenUp(phone.changes(put(1, "first")));
        service.clock.pass(Duration.ofHours(1));
        ApplyChanges second = givenUp(service.deviceOf(BOB, "phone").changes(put(1, "second")));

        assertThat(listed(Optional.empty())).containsExactly(first.task(), second.task());
        assertThat(listed(Optional.of(BOB.key()))).containsExactly(second.task());
        GivenUp earlier =
                service.givenUp.page(Optional.empty(), Optional.empty(), 0, 1).get(0);
        assertThat(earlier.task().attempts()).isEqualTo(ATTEMPTS);
        assertThat(earlier.owner()).isEqualTo(ADA.key());
        assertThat(service.givenUp.page(Optional.empty(), Optional.of(earlier.at()), 0, 9))
                .containsExactly(earlier);
        assertThat(service.givenUp.page(Optional.empty(), Optional.empty(), earlier.place(), 9))
                .extracting(each -> each.task().id())
                .containsExactly(second.task());

        drop(first.task());
        drop(first.task());

        assertThat(listed(Optional.empty())).containsExactly(second.task());
        assertThat(state(first)).isEqualTo(TaskState.FAILED);
        refusedAs(ProblemType.TASK_FINISHED, () -> retry(first.task()));
    }

    /** Its place is that of a task that comes now, and it happens once however often it is asked for. */
    @Test
    void aTaskThatIsRetriedRunsInOrderAndOnce() {
        ApplyChanges failed = givenUp(phone.changes(put(1, "failed")));
        ApplyChanges waits = service.device("tablet").changes(put(1, "waits"));
        service.park(waits);

        assertThat(retry(failed.task()).state()).isEqualTo(TaskState.WAITING);
        assertThat(retry(failed.task()).state()).isEqualTo(TaskState.WAITING);
        assertThat(store.tasks().waiting(service.book(ADA).id()))
                .extracting(SyncTask::id)
                .containsExactly(waits.task(), failed.task());
        assertThat(service.book(ADA).openTasks()).isEqualTo(2);
        service.answer(phone.cancel(waits));

        assertThat(state(failed)).isEqualTo(TaskState.DONE);
        assertThat(retry(failed.task()).state()).isEqualTo(TaskState.DONE);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.book(ADA).seq()).isEqualTo(1);
        assertThat(service.book(ADA).openTasks()).isZero();
        assertThat(listed(Optional.empty())).isEmpty();
        refusedAs(ProblemType.TASK_FINISHED, () -> drop(failed.task()));
    }

    /** Protocol 4.11.3: also when what says so is in its payload alone, as in the rows of an earlier version. */
    @Test
    void aTaskThatIsRetriedIsSupersededByANewerOneThatContainsIt() {
        ApplyChanges refuses = givenUp(phone.changes(put(1, "failed")));
        ApplyChanges rebases = givenUp(phone.rebasing(
                service.code(ADA), new Change.Put(uid(2), card("x"), Optional.of(Change.Expected.ABSENT))));
        retry(refuses.task());
        retry(rebases.task());
        ApplyChanges newer = phone.changes(put(1, "failed"), put(3, "newer"));

        service.park(newer);

        assertThat(state(refuses)).isEqualTo(TaskState.SUPERSEDED);
        assertThat(store.tasks().waiting(service.book(ADA).id()))
                .extracting(SyncTask::id)
                .containsExactly(rebases.task(), newer.task());
    }

    /** The book has moved on: a retried task is refused as any other, and overwrites nothing. */
    @Test
    void aTaskFromAnOlderBookIsRefusedWhenItIsRetried() {
        ApplyChanges failed = givenUp(phone.changes(put(1, "old")));
        service.answer(phone.changes(put(1, "new")));

        retry(failed.task());
        service.clock.pass(Duration.ofSeconds(1));
        service.sweep();

        assertThat(state(failed)).isEqualTo(TaskState.FAILED);
        TestService.refused(service.answer(phone.again(failed)), Problem.CheckCodeMismatch.class);
        assertThat(listed(Optional.empty())).isEmpty();
        refusedAs(ProblemType.TASK_FINISHED, () -> retry(failed.task()));
    }

    @Test
    void aTaskThatWaitsAgainCanBeDropped() {
        ApplyChanges failed = givenUp(phone.changes(put(1, "failed")));
        retry(failed.task());

        drop(failed.task());
        drop(failed.task());

        assertThat(state(failed)).isEqualTo(TaskState.CANCELLED);
        assertThat(service.book(ADA).openTasks()).isZero();
        assertThat(service.sweep()).isEmpty();
    }

    @Test
    void whatIsNotThereOrDoesNotFitIsRefused() {
        Step upload = phone.open(TaskKind.REPLACE, 1, 1);
        service.answer(upload);
        for (TaskId id : new TaskId[] {TaskId.random(), upload.task()}) {
            refusedAs(ProblemType.NOT_FOUND, () -> retry(id));
            refusedAs(ProblemType.NOT_FOUND, () -> drop(id));
            refusedAs(ProblemType.NOT_FOUND, () -> service.givenUp.find(id));
        }
        ApplyChanges failed = givenUp(phone.changes(put(1, "failed")));
        for (int i = 0; i < TestService.LIMITS.queuedTasks(); i++) {
            service.park(service.device("device-" + i).changes(put(i, "x")));
        }
        refusedAs(ProblemType.QUEUE_FULL, () -> retry(failed.task()));
        assertThat(listed(Optional.empty())).containsExactly(failed.task());
    }

    /** What is kept of one user has as many bytes as may wait; the oldest goes first, and its task stays as it was. */
    @Test
    void theOldestPayloadsGoWhenThereAreTooManyBytes() {
        int bytes = 200_000;
        int fit = (int) (TestService.LIMITS.queuedBytes() / (20L * bytes));
        Change[][] large = new Change[fit + 1][20];
        java.util.List<ApplyChanges> failed = new java.util.ArrayList<>();
        for (int i = 0; i <= fit; i++) {
            for (int n = 0; n < 20; n++) {
                large[i][n] = new Change.Put(uid(n), Examples.cardOf(bytes), Optional.empty());
            }
            failed.add(givenUp(phone.changes(large[i])));
        }
        ApplyChanges others = givenUp(service.deviceOf(BOB, "phone").changes(large[0]));

        assertThat(listed(Optional.of(ADA.key())))
                .containsExactlyElementsOf(
                        failed.stream().skip(1).map(ApplyChanges::task).toList());
        assertThat(listed(Optional.of(BOB.key()))).containsExactly(others.task());
        assertThat(state(failed.get(0))).isEqualTo(TaskState.FAILED);
        assertThatThrownBy(() -> retry(failed.get(0).task()))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().type()).isEqualTo(ProblemType.TASK_FINISHED);
                    assertThat(refused.problem().detail()).contains("not kept any more");
                });
        assertThat(retry(failed.get(1).task()).state()).isEqualTo(TaskState.WAITING);
    }

    /** With its task goes what it wanted. */
    @Test
    void aTaskThatIsForgottenIsNotListed() {
        givenUp(phone.changes(put(1, "failed")));
        service.clock.pass(TestService.LIMITS.taskRetention());

        store.inTransaction(() -> store.housekeeping().forgetTasks(service.clock.instant(), 10));

        assertThat(listed(Optional.empty())).isEmpty();
    }

    private ApplyChanges givenUp(ApplyChanges step) {
        service.park(step);
        for (int i = 0; i < ATTEMPTS; i++) {
            service.countFailedAttempt(step.owner(), step.task());
        }
        assertThat(state(step)).isEqualTo(TaskState.FAILED);
        return step;
    }

    private SyncTask retry(TaskId id) {
        return store.inTransaction(() -> service.givenUp.retry(id)).task();
    }

    private void drop(TaskId id) {
        store.inTransaction(() -> service.givenUp.drop(id));
    }

    private TaskState state(Step step) {
        return service.task(step.task()).orElseThrow().state();
    }

    private java.util.List<TaskId> listed(Optional<String> owner) {
        return service.givenUp.page(owner, Optional.empty(), 0, 10).stream()
                .map(each -> each.task().id())
                .toList();
    }

    private static void refusedAs(ProblemType type, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(type));
    }
}
