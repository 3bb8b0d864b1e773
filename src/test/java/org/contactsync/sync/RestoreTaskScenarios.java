package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.refused;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.task.SyncTask;
import org.junit.jupiter.api.Test;

/** Protocol 4.18 and 4.19: a restore as a task among others. */
public abstract class RestoreTaskScenarios {
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Much less than {@link TestService#LIMITS}, so that a few contacts are several chunks. */
    private static final int CHUNK = 7;

    private final TestStore store = newStore();
    private final TestService service = new TestService(store);
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");

    protected abstract TestStore newStore();

    /** 4.11.3: what waits is not part of a restore. */
    @Test
    void aRestoreDoesNotSupersedeAWaitingTask() {
        OpenUpload upload = holding();
        CheckCode code = service.code(ADA);
        ApplyChanges change = parked(tick(phone.changesFrom(code, put(1, "edited on the way"))));
        ApplyChanges restore = parked(tick(phone.restoring(phone.changesFrom(code, absent(2)))));
        ApplyChanges another = tick(phone.restoring(phone.changesFrom(code, absent(3))));
        assertThat(service.park(another)).isInstanceOf(Outcome.Accepted.class);

        assertThat(states(change, restore, another)).containsOnly(TaskState.WAITING);
        service.answer(tablet.cancel(upload));
        // The restore is a person's task and goes first (4.3.10). The device learns that its change was not applied.
        assertThat(states(change, restore, another))
                .containsExactly(TaskState.FAILED, TaskState.DONE, TaskState.FAILED);
    }

    /** 4.11.3: a restore that was accepted is not part of what the device sends next. */
    @Test
    void aWaitingRestoreIsNotSuperseded() {
        OpenUpload upload = holding();
        CheckCode code = service.code(ADA);
        ApplyChanges restore = parked(tick(phone.restoring(phone.changesFrom(code, absent(2)))));
        ApplyChanges older = parked(tick(phone.changesFrom(code, put(1, "a"))));
        ApplyChanges newer = parked(tick(phone.changesFrom(code, put(1, "b"))));

        assertThat(states(restore, older, newer))
                .containsExactly(TaskState.WAITING, TaskState.SUPERSEDED, TaskState.WAITING);
        service.answer(tablet.cancel(upload));
        assertThat(states(restore, newer)).containsExactly(TaskState.DONE, TaskState.FAILED);
        assertThat(service.visible(ADA)).containsEntry(uid(2), card("restored")).hasSize(1);
    }

    /** 4.11.3: the previous version, too, takes a parked restore for one that nothing replaces. */
    @Test
    void theTermsOfAWaitingRestoreSayThatNothingReplacesIt() {
        holding();
        ApplyChanges restore = parked(tick(phone.restoring(phone.changes(absent(2)))));

        assertThat(store.tasks().parked(service.book(ADA).id())).singleElement().satisfies(parked -> {
            assertThat(parked.task()).isEqualTo(restore.task());
            assertThat(parked.terms().orElseThrow().refuses()).isFalse();
        });
    }

    /** 4.19.5: contacts are added before others are deleted, and what comes of it is what counts. */
    @Test
    void aReplacedBookComesBackAlthoughBothHaveNoRoomTogether() {
        fill(0, 40, 60_000);
        CheckCode before = service.code(ADA);
        replace(IntStream.range(100, 140).mapToObj(n -> large(n, 60_000)).toArray(Change[]::new));

        assertThat(TestService.done(restoreInChunks(service, 1)).checkCode()).isEqualTo(before);
        assertThat(service.visible(ADA)).hasSize(40);
    }

    /** 4.19.5: the same for contacts that have grown beside others that have shrunk. */
    @Test
    void cardsThatGrowComeBeforeOthersThatShrink() {
        IntFunction<Change> was = n -> large(n, n < 20 ? 150_000 : 40_000);
        IntFunction<Change> is = n -> large(n, n < 20 ? 40_000 : 150_000);
        apply(IntStream.range(0, 40).mapToObj(was).toArray(Change[]::new));
        CheckCode before = service.code(ADA);
        replace(IntStream.range(0, 40).mapToObj(is).toArray(Change[]::new));

        assertThat(TestService.done(restoreInChunks(service, 1)).checkCode()).isEqualTo(before);
    }

    /** 6.1 maxBookBytes: a state that has no room is not restored, and the book stays. */
    @Test
    void aStateThatHasNoRoomAnyMoreIsRefusedAtTheCommit() {
        fill(0, 60, 60_000);
        apply(IntStream.range(0, 60).mapToObj(Examples::delete).toArray(Change[]::new));
        CheckCode now = service.code(ADA);
        Limits less = chunked(2 * 1024 * 1024, 1024 * 1024);
        TestService smaller = new TestService(store, less, new TestReceipts());

        Problem problem = refused(restoreInChunks(smaller, 1), ProblemType.BOOK_FULL);
        assertThat(problem.detail()).contains("2097152 bytes");
        assertThat(service.code(ADA)).isEqualTo(now);
    }

    /** 4.19.4: the reason is the task's, for whoever looks at it or repeats the request; others go on. */
    @Test
    void aRestoreThatCannotGoOnEndsWithItsReason() {
        OpenUpload open = opened();
        service.answer(phone.chunk(open, 1, put(1, "a")));
        ApplyChanges other = parked(tick(tablet.changes(put(5, "waits"))));
        Problem why =
                new Problem.Plain(ProblemType.HISTORY_EXPIRED, "a contact has just been removed from the history");

        assertThat(service.endUpload(open, TaskState.FAILED, why)).isEqualTo(new Outcome.Refused(why));

        SyncTask task = service.task(open.task()).orElseThrow();
        assertThat(task.state()).isEqualTo(TaskState.FAILED);
        assertThat(service.answer(phone.commit(open))).isEqualTo(new Outcome.Refused(why));
        refused(service.answer(phone.chunk(open, 2, put(2, "b"))), Problem.TaskFinished.class);
        assertThat(states(other)).containsExactly(TaskState.DONE);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(5));
        assertThat(service.events).contains(new BookEvent.TaskEnded(ADA, open.task()));
    }

    /** 4.19.4: an end that comes too late changes nothing. */
    @Test
    void aRestoreThatHasEndedStaysAsItIs() {
        OpenUpload done = opened();
        service.answer(phone.chunk(done, 1, put(1, "a")));
        service.answer(phone.chunk(done, 2, put(2, "b")));
        TestService.done(service.answer(phone.commit(done)));
        Problem late = new Problem.Plain(ProblemType.TASK_EXPIRED, "too late");

        assertThat(TestService.done(service.endUpload(done, TaskState.EXPIRED, late))
                        .put())
                .isEqualTo(2);
        assertThat(service.task(done.task()).orElseThrow().state()).isEqualTo(TaskState.DONE);

        OpenUpload cancelled = opened();
        service.answer(phone.cancel(cancelled));
        refused(service.endUpload(cancelled, TaskState.FAILED, late), Problem.TaskFinished.class);
        refused(service.endUpload(phone.changes(put(1, "x")), TaskState.FAILED, late), ProblemType.NOT_FOUND);
        assertThat(service.visible(ADA)).hasSize(2);
    }

    /** 4.19.4: a step that was on its way for too long opens nothing that nobody fills. */
    @Test
    void aRestoreThatWasGivenUpIsNotOpenedLater() {
        service.answer(phone.changes(put(1, "a")));
        OpenUpload late = phone.restoring(phone.open(TaskKind.CHANGES, 2, 2));
        Problem why = new Problem.Plain(ProblemType.TASK_EXPIRED, "not opened in time");

        assertThat(service.endUnopened(late, TaskState.EXPIRED, why)).isEqualTo(new Outcome.Refused(why));
        assertThat(service.endUnopened(late, TaskState.EXPIRED, why)).isEqualTo(new Outcome.Refused(why));

        assertThat(service.answer(late)).isEqualTo(new Outcome.Refused(why));
        assertThat(service.task(late.task()).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
        refused(service.answer(phone.chunk(late, 1, put(1, "b"))), ProblemType.NOT_FOUND);
        assertThat(service.visible(ADA)).hasSize(1);
    }

    /** Its answer was lost, but it was opened. */
    @Test
    void aRestoreThatMayBeOpenIsEnded() {
        OpenUpload open = opened();
        Problem why = new Problem.Plain(ProblemType.TASK_EXPIRED, "not opened in time");

        assertThat(service.endUnopened(open, TaskState.EXPIRED, why)).isEqualTo(new Outcome.Refused(why));

        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
    }

    private OpenUpload opened() {
        OpenUpload open = phone.restoring(phone.open(TaskKind.CHANGES, 2, 2));
        assertThat(service.answer(open)).isInstanceOf(Outcome.Opened.class);
        return open;
    }

    private Outcome restoreInChunks(TestService through, long seq) {
        Restoring small =
                new Restoring(store.books(), store.history(), store.pages(), chunked(4 * 1024 * 1024, 4 * 1024 * 1024));
        RestoreTarget target = new RestoreTarget(Optional.empty(), OptionalLong.of(seq), Optional.empty(), false);
        Reading<RestorePlan> plan = small.plan(ADA, target).orElseThrow();
        RestorePlan value = plan.value();
        List<List<Change>> chunks = new ArrayList<>();
        small.chunks(plan.book(), value, chunks::add);
        assertThat(chunks).hasSize(value.chunks()).hasSizeGreaterThan(2);
        OpenUpload open = phone.restoring(phone.open(new UploadPlan(
                TaskKind.CHANGES,
                plan.checkCode(),
                value.chunks(),
                value.total(),
                Optional.of(value.state().code()),
                true)));
        assertThat(through.answer(open)).isInstanceOf(Outcome.Opened.class);
        for (int n = 0; n < chunks.size(); n++) {
            assertThat(through.answer(phone.chunk(open, n + 1, chunks.get(n))))
                    .isInstanceOf(Outcome.Acknowledged.class);
        }
        return through.answer(phone.commit(open));
    }

    private static Limits chunked(long bookBytes, int chunkBytes) {
        return new Limits(
                CHUNK,
                chunkBytes,
                CHUNK,
                1024,
                200,
                1_000,
                4,
                16 << 20,
                bookBytes,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1));
    }

    private void fill(int from, int to, int bytes) {
        apply(IntStream.range(from, to).mapToObj(n -> large(n, bytes)).toArray(Change[]::new));
    }

    private void apply(Change... changes) {
        ApplyChanges step = phone.confirmed(phone.changes(changes));
        TestService.done(service.answer(step));
    }

    private void replace(Change... contacts) {
        OpenUpload open = tablet.open(TaskKind.REPLACE, 1, contacts.length);
        service.answer(open);
        service.answer(tablet.chunk(open, 1, contacts));
        TestService.done(service.answer(tablet.commit(open, Optional.empty(), true)));
    }

    private static Change large(int n, int bytes) {
        return new Change.Put(uid(n), Examples.cardOf(bytes), Optional.empty());
    }

    private static Change absent(int n) {
        return new Change.Put(uid(n), card("restored"), Optional.of(Change.Expected.ABSENT));
    }

    private OpenUpload holding() {
        OpenUpload open = tablet.open(TaskKind.REPLACE, 2, 2);
        assertThat(service.answer(open)).isInstanceOf(Outcome.Opened.class);
        assertThat(service.answer(tablet.chunk(open, 1, put(9, "held")))).isInstanceOf(Outcome.Acknowledged.class);
        return open;
    }

    private ApplyChanges parked(ApplyChanges step) {
        assertThat(service.answer(step)).isInstanceOf(Outcome.Accepted.class);
        return step;
    }

    private <T> T tick(T step) {
        service.clock.pass(TICK);
        return step;
    }

    private List<TaskState> states(ApplyChanges... steps) {
        return List.of(steps).stream()
                .map(step -> service.task(step.task()).orElseThrow().state())
                .toList();
    }
}
