package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.done;
import static org.contactsync.sync.TestService.refused;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.step.NewerSteps;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.task.Replies.Reply;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks;
import org.junit.jupiter.api.Test;

/** Whose turn it is, over whatever store. */
public abstract class QueueScenarios {
    private static final Duration TICK = Duration.ofMillis(1);

    private final TestStore store = newStore();
    private final FailingContacts contacts = new FailingContacts(store.contacts());
    private final TestService service = new TestService(store, contacts);
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");
    private final TestDevice watch = service.device("watch");

    protected abstract TestStore newStore();

    /** Protocol 8.6, 4.3.7. */
    @Test
    void tasksOfOtherDevicesWaitBehindAnUploadAndRunInOrderWhenItEnds() {
        OpenUpload upload = holding();
        ApplyChanges first = tick(tablet.rebasing(service.code(ADA), absent(2, "first")));
        ApplyChanges second = tick(watch.rebasing(service.code(ADA), absent(2, "second")));

        assertThat(service.answer(first)).isInstanceOf(Outcome.Accepted.class);
        assertThat(service.answer(second)).isInstanceOf(Outcome.Accepted.class);
        assertThat(service.visible(ADA)).isEmpty();
        service.answer(phone.chunk(upload, 2, put(9, "x")));
        List<Reply> replies = service.deliver(phone.commit(upload));

        assertThat(replies)
                .extracting(Reply::to)
                .endsWith(first.head().replyTo(), second.head().replyTo());
        assertThat(service.visible(ADA)).containsEntry(uid(2), card("first")).hasSize(3);
        assertThat(service.task(first.task()).orElseThrow().state()).isEqualTo(TaskState.DONE);
        assertThat(service.task(second.task()).orElseThrow().state()).isEqualTo(TaskState.FAILED);
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    @Test
    void whatWaitsRunsWhenTheUploadIsCancelledOrExpires() {
        OpenUpload cancelled = holding();
        ApplyChanges one = parked(tablet.changes(put(2, "b")));
        service.answer(phone.cancel(cancelled));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(2));

        holding();
        ApplyChanges other = parked(tablet.changes(put(3, "c")));
        service.clock.pass(TestService.LIMITS.uploadLease());
        service.sweep();
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(2), uid(3));
        assertThat(service.task(one.task()).orElseThrow().state()).isEqualTo(TaskState.DONE);
        assertThat(service.task(other.task()).orElseThrow().state()).isEqualTo(TaskState.DONE);
    }

    /** The step that finds a lease over starts what waited for it, whatever the step is. */
    @Test
    void whoeverFindsTheLeaseOverLetsTheOthersRun() {
        for (int step = 0; step < 5; step++) {
            OpenUpload upload = holding();
            ApplyChanges waits = parked(tablet.changes(put(100 + step, "x")));
            service.clock.pass(TestService.LIMITS.uploadLease());

            service.deliver(
                    switch (step) {
                        case 0 -> phone.commit(upload);
                        case 1 -> phone.cancel(upload);
                        case 2 -> phone.chunk(upload, 2, put(9, "x"));
                        case 3 -> phone.commit(phone.open(TaskKind.REPLACE, 1, 1));
                        default -> phone.open(TaskKind.REPLACE, 1, 1);
                    });

            assertThat(service.task(waits.task()).orElseThrow().state())
                    .as("after step %s", step)
                    .isEqualTo(TaskState.DONE);
        }
    }

    /** Protocol 1.3. */
    @Test
    void aNewStepRunsWhatWasAcceptedEarlierFirst() {
        ApplyChanges early = tick(tablet.rebasing(service.code(ADA), absent(1, "early")));
        ApplyChanges late = tick(phone.rebasing(service.code(ADA), absent(1, "late")));
        assertThat(service.park(early)).isInstanceOf(Outcome.Accepted.class);

        List<Reply> replies = service.deliver(late);

        assertThat(replies)
                .extracting(Reply::to)
                .containsExactly(early.head().replyTo(), late.head().replyTo());
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("early")));
        refused(replies.get(1).outcome(), Problem.ContactConflict.class);
    }

    /** Protocol 1.3: what has its row was accepted first, and so is what runs first. */
    @Test
    void aStepThatWasHeldUpRunsAfterWhatWaits() {
        ApplyChanges heldUp = tick(tablet.rebasing(service.code(ADA), absent(1, "held up")));
        ApplyChanges waits = tick(phone.rebasing(service.code(ADA), absent(1, "waits")));
        service.park(waits);

        refused(service.answer(heldUp), Problem.ContactConflict.class);

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("waits")));
        assertThat(service.task(waits.task()).orElseThrow().state()).isEqualTo(TaskState.DONE);
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    /** Protocol 1.3: its request's thread gave it its place, and the message came after that of a later task. */
    @Test
    void theMessageOfAParkedTaskFindsItsPlace() {
        ApplyChanges first = tick(tablet.rebasing(service.code(ADA), absent(1, "first")));
        ApplyChanges second = tick(phone.rebasing(service.code(ADA), absent(1, "second")));
        service.park(first);
        service.park(second);

        List<Reply> replies = service.deliver(second);

        assertThat(replies)
                .extracting(Reply::to)
                .startsWith(first.head().replyTo(), second.head().replyTo());
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("first")));
    }

    @Test
    void theMessageOfATaskThatItsRequestParkedRunsIt() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        service.clock.pass(Duration.ofNanos(777));
        ApplyChanges precise = phone.changes(put(2, "Bob"));

        for (ApplyChanges each : List.of(step, precise)) {
            assertThat(service.park(each)).isInstanceOf(Outcome.Accepted.class);
            List<Reply> replies = service.deliver(each);
            assertThat(replies).hasSize(1);
            assertThat(service.deliver(each)).isEqualTo(replies);
        }

        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    @Test
    void theRequestThatWaitedTooLongFindsTheOutcomeThatIsThere() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        Outcome outcome = service.answer(step);

        assertThat(service.park(step)).isEqualTo(outcome);
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    /** Protocol 4.3.7: a task that was answered 202 is never lost, though its message is. */
    @Test
    void theSweeperRunsATaskWhoseMessageWasLost() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        service.park(step);
        assertThat(service.sweep()).isEmpty();
        service.clock.pass(Duration.ofSeconds(15));

        assertThat(service.sweep())
                .extracting(Reply::to)
                .containsExactly(step.head().replyTo());
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.sweep()).isEmpty();
    }

    /** Protocol 7.2. */
    @Test
    void theSameRequestWhileTheFirstWaitsIsToldSo() {
        holding();
        ApplyChanges step = parked(tablet.changes(put(1, "Ada")));

        refused(service.answer(tablet.again(step)), Problem.InProgress.class);
        refused(service.park(tablet.again(step)), Problem.InProgress.class);
        assertThat(service.answer(step)).isInstanceOf(Outcome.Accepted.class);
        assertThat(service.park(step)).isInstanceOf(Outcome.Accepted.class);
        assertThat(service.book(ADA).openTasks()).isEqualTo(1);
    }

    /** Protocol 4.11.3. */
    @Test
    void aWaitingTaskIsSupersededByANewerOneOfTheSameDeviceAndCode() {
        holding();
        CheckCode code = service.code(ADA);
        ApplyChanges old = parked(tick(tablet.changesFrom(code, put(1, "old"))));
        ApplyChanges foreign = parked(tick(watch.changesFrom(code, put(2, "foreign"))));
        ApplyChanges rebase = parked(tick(tablet.rebasing(code, absent(3, "x"))));
        ApplyChanges newer = tick(tablet.changesFrom(code, put(1, "new")));

        List<Reply> replies = service.deliver(newer);

        assertThat(replies).extracting(Reply::to).contains(old.head().replyTo());
        assertThat(service.task(old.task()).orElseThrow().state()).isEqualTo(TaskState.SUPERSEDED);
        assertThat(service.task(foreign.task()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
        assertThat(service.task(newer.task()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
        assertThat(rebase.task()).isNotEqualTo(newer.task());
        refused(service.answer(tablet.cancel(old)), Problem.TaskFinished.class);
        assertThat(service.book(ADA).openTasks())
                .isEqualTo(store.tasks().waiting(service.book(ADA).id()).size());
    }

    /** Protocol 4.11.3: a task that only hands over a lost card contains no changes of an older one. */
    @Test
    void aLostCardThatComesAloneSupersedesNothing() {
        holding();
        CheckCode code = service.code(ADA);
        ApplyChanges changes = parked(tick(tablet.changesFrom(code, put(1, "new"))));
        IncrementalSync lost = new IncrementalSync(
                List.of(), Optional.empty(), OnMismatch.REFUSE, false, List.of(new LostCard(uid(1), card("mine"))));

        service.park(tick(tablet.apply(code, lost)));

        assertThat(service.task(changes.task()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
    }

    /** Protocol 4.11.3: what was left out of the newer one may be in the older one. */
    @Test
    void aTaskOfWhichChangesWereLeftOutSupersedesNothing() {
        holding();
        CheckCode code = service.code(ADA);
        ApplyChanges older = parked(tick(tablet.changesFrom(code, put(1, "new"), put(2, "new"))));

        service.park(tick(tablet.changesFrom(code, Change.withoutEffect(UUID.randomUUID()), put(2, "newer"))));

        assertThat(service.task(older.task()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
    }

    /** Protocol 4.23.3: as long as rows of an erased book are left, its receipts answer nothing in the next book of the user. */
    @Test
    void aTaskOfAnotherBookAnswersNoRepeatedRequest() {
        TestDevice before = service.deviceOf(BOB, "phone");
        ApplyChanges done = before.changes(put(1, "a"));
        done(service.answer(done));
        OpenUpload opened = before.open(TaskKind.CHANGES, 1, 1);
        assertThat(service.answer(opened)).isInstanceOf(Outcome.Opened.class);
        service.book(ADA);

        ApplyChanges repeated = new ApplyChanges(ofAda(done.task()), done.digest(), service.code(ADA), done.sync());
        refused(service.answer(repeated), ProblemType.UNAVAILABLE);
        refused(service.park(repeated), ProblemType.UNAVAILABLE);
        refused(
                service.answer(new OpenUpload(ofAda(opened.task()), opened.digest(), opened.plan())),
                ProblemType.UNAVAILABLE);

        assertThat(service.visible(ADA)).isEmpty();
        assertThat(service.book(ADA).openTasks()).isZero();
        assertThat(service.visible(BOB)).containsOnlyKeys(uid(1));
    }

    private Head ofAda(TaskId task) {
        return new Head(
                ADA,
                task,
                Optional.of(new DeviceId("phone")),
                service.clock.instant(),
                new ReplyTo("contacts.reply.test", UUID.randomUUID()));
    }

    /** Protocol 4.11.3: by a newer one, not by one whose message was held up. */
    @Test
    void aWaitingTaskIsNotSupersededByAnOlderOne() {
        holding();
        CheckCode code = service.code(ADA);
        ApplyChanges older = tick(tablet.changesFrom(code, put(1, "old")));
        ApplyChanges newer = tick(tablet.changesFrom(code, put(1, "new"), put(2, "only in the newer one")));
        service.park(newer);

        service.answer(older);

        assertThat(service.task(newer.task()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
    }

    /** Protocol 4.3.10. */
    @Test
    void aPersonsTaskRunsAheadOfBackgroundTasksOfItsDevice() {
        OpenUpload upload = holding();
        CheckCode code = service.code(ADA);
        ApplyChanges foreign = parked(watch.rebasing(code, absent(5, "watch")));
        ApplyChanges background = parked(tablet.rebasing(code, absent(5, "background")));
        ApplyChanges user = parked(tablet.byUser(tablet.rebasing(code, absent(6, "user"))));

        assertThat(service.readings.tasks(ADA))
                .extracting(TaskView::id)
                .containsExactly(upload.task(), foreign.task(), user.task(), background.task());
        assertThat(service.readings.task(ADA, user.task()).orElseThrow().position())
                .isEqualTo(2);
        assertThat(service.readings.task(ADA, user.task()).orElseThrow().priority())
                .contains(Priority.USER);
        List<Reply> replies = service.deliver(phone.cancel(upload));

        assertThat(replies)
                .extracting(Reply::to)
                .endsWith(
                        foreign.head().replyTo(),
                        user.head().replyTo(),
                        background.head().replyTo());
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(5), card("watch"), uid(6), card("user")));
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    /** Protocol 4.3.10: also ahead of one that has failed and pauses, and without having to wait for it. */
    @Test
    void aPersonsTaskRunsAtOnceWhenOnlyBackgroundTasksOfItsDeviceWait() {
        ApplyChanges background = tablet.rebasing(service.code(ADA), absent(66, "background"));
        contacts.failOn(uid(66));
        service.park(background);
        ApplyChanges user = tablet.byUser(tablet.rebasing(service.code(ADA), absent(1, "user")));

        done(service.answer(user));

        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.book(ADA).openTasks()).isEqualTo(1);
    }

    /** Protocol 4.3.10: between what it passes and what it does not pass. */
    @Test
    void aPersonsTaskThatCannotBeFirstGetsItsPlace() {
        CheckCode code = service.code(ADA);
        ApplyChanges foreign = watch.rebasing(code, absent(1, "watch"));
        ApplyChanges background = tablet.rebasing(code, absent(2, "background"));
        ApplyChanges user = tablet.byUser(tablet.rebasing(code, absent(2, "user")));
        service.park(foreign);
        service.park(background);

        List<Reply> replies = service.deliver(user);

        assertThat(replies)
                .extracting(Reply::to)
                .containsExactly(
                        user.head().replyTo(),
                        foreign.head().replyTo(),
                        user.head().replyTo(),
                        background.head().replyTo());
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("watch"), uid(2), card("user")));
        refused(replies.get(3).outcome(), Problem.ContactConflict.class);
    }

    /** Protocol 6.1 maxQueuedTasks. */
    @Test
    void aQueueTakesNoMoreThanItsLimit() {
        holding();
        for (int i = 0; i < 4; i++) {
            parked(service.device("device-" + i).changes(put(i, "x")));
        }

        refused(service.answer(tablet.changes(put(9, "x"))), Problem.QueueFull.class);
        refused(service.park(tablet.changes(put(9, "x"))), Problem.QueueFull.class);
        assertThat(service.book(ADA).openTasks()).isEqualTo(4);
    }

    /** Protocol 6.1 maxQueuedBytes: what is superseded or cancelled makes room. */
    @Test
    void theTasksThatWaitHaveSoManyBytesTogether() {
        holding();
        CheckCode first = service.code(ADA);
        ApplyChanges cancelled = parked(tick(tablet.rebasing(first, megabytes(4))));
        parked(tick(tablet.rebasing(first, megabytes(4))));
        parked(tick(watch.changes(megabytes(4))));
        ApplyChanges tooMuch = tick(tablet.rebasing(first, megabytes(5)));

        assertThat(refused(service.answer(tooMuch), Problem.QueueFull.class).detail())
                .contains("16777216 bytes");
        refused(service.park(tooMuch), Problem.QueueFull.class);
        assertThat(service.task(tooMuch.task())).isEmpty();
        ApplyChanges instead = parked(tick(watch.changes(megabytes(5))));
        service.answer(tablet.cancel(cancelled));
        parked(tick(tooMuch));

        assertThat(store.tasks().parked(service.book(ADA).id()))
                .extracting(Tasks.Parked::task)
                .hasSize(3)
                .contains(instead.task(), tooMuch.task());
    }

    private static Change[] megabytes(int n) {
        return IntStream.range(0, 4 * n)
                .mapToObj(each -> new Change.Put(uid(100 + each), Examples.cardOf(250_000), Optional.empty()))
                .toArray(Change[]::new);
    }

    /** Protocol 6.1 maxQueuedSeconds: also while an upload keeps its hold. */
    @Test
    void aTaskThatHasWaitedForTooLongIsEndedByTheSweeper() {
        OpenUpload upload = holding();
        ApplyChanges old = parked(tablet.rebasing(service.code(ADA), absent(2, "old")));
        service.clock.pass(TestService.LIMITS.queueAge().minusMinutes(1));
        holdOn(upload);
        ApplyChanges young = parked(watch.rebasing(service.code(ADA), absent(3, "young")));
        service.clock.pass(Duration.ofMinutes(1));

        List<Reply> replies = service.sweep();

        assertThat(replies).extracting(Reply::to).containsExactly(old.head().replyTo());
        refused(replies.get(0).outcome(), ProblemType.TASK_EXPIRED);
        assertThat(service.task(old.task()).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
        assertThat(service.task(young.task()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
        assertThat(service.book(ADA).openTasks()).isEqualTo(1);
        assertThat(service.book(ADA).hold()).isPresent();
        refused(service.answer(tablet.again(old)), ProblemType.TASK_EXPIRED);
        service.answer(phone.cancel(upload));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(3));
    }

    /** Protocol 6.1 maxQueuedSeconds. */
    @Test
    void aQueueInWhichATaskWaitedForTooLongTakesNoMoreForAWhile() {
        OpenUpload upload = holding();
        ApplyChanges old = parked(tablet.rebasing(service.code(ADA), absent(2, "old")));
        service.clock.pass(TestService.LIMITS.queueAge());
        holdOn(upload);
        ApplyChanges next = watch.rebasing(service.code(ADA), absent(3, "next"));

        List<Reply> replies = service.deliver(next);

        assertThat(replies)
                .extracting(Reply::to)
                .containsExactly(old.head().replyTo(), next.head().replyTo());
        refused(replies.get(0).outcome(), ProblemType.TASK_EXPIRED);
        refused(replies.get(1).outcome(), Problem.QueueFull.class);
        assertThat(refused(replies.get(1).outcome(), Problem.class).retryAfter())
                .contains(Duration.ofSeconds(10));
        parked(next);
        assertThat(service.book(ADA).openTasks()).isEqualTo(1);
    }

    /** Protocol 6.1 maxQueuedSeconds: a service that was away for a day does not surprise anybody with an old change. */
    @Test
    void whatWasPromisedLongAgoIsEndedAndNotRun() {
        ApplyChanges old = tablet.changes(put(2, "old"));
        service.park(old);
        service.clock.pass(TestService.LIMITS.queueAge());

        done(service.answer(phone.changes(put(1, "new"))));

        assertThat(service.task(old.task()).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    /** Protocol 4.13.1. */
    @Test
    void aWaitingTaskThatIsCancelledNeverRuns() {
        OpenUpload upload = holding();
        ApplyChanges step = parked(tablet.changes(put(5, "x")));

        List<Reply> replies = service.deliver(tablet.cancel(step));

        assertThat(replies.get(0).outcome()).isEqualTo(new Outcome.Gone());
        refused(replies.get(1).outcome(), Problem.TaskFinished.class);
        assertThat(replies).hasSize(2);
        service.answer(phone.cancel(upload));
        assertThat(service.deliver(step)).hasSize(1);
        refused(service.answer(step), Problem.TaskFinished.class);
        assertThat(service.visible(ADA)).isEmpty();
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    /** Protocol 1.3: a task that throws is tried again, given up at last, and the next one runs. */
    @Test
    void aTaskThatThrowsIsTriedAgainLaterAndGivenUpAtLast() {
        ApplyChanges poisoned = tick(tablet.changes(put(66, "poison")));
        ApplyChanges next = tick(phone.changes(put(1, "Ada")));
        contacts.failOn(uid(66));
        service.park(poisoned);
        service.park(next);

        List<Reply> replies = List.of();
        int sweeps = 0;
        while (service.task(poisoned.task()).orElseThrow().state() == TaskState.WAITING && sweeps < 300) {
            service.clock.pass(Duration.ofSeconds(1));
            replies = service.sweep();
            sweeps++;
        }

        assertThat(service.task(poisoned.task()).orElseThrow().attempts()).isEqualTo(6);
        assertThat(service.task(poisoned.task()).orElseThrow().state()).isEqualTo(TaskState.FAILED);
        assertThat(replies)
                .extracting(Reply::to)
                .containsExactly(poisoned.head().replyTo(), next.head().replyTo());
        refused(replies.get(0).outcome(), ProblemType.TASK_FAILED);
        done(replies.get(1).outcome());
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    /** During an update two versions run side by side: what the newer one parked is left to it. */
    @Test
    void aTaskThatANewerVersionParkedKeepsItsTurnAndIsNotGivenUp() {
        ApplyChanges newer = tablet.rebasing(service.code(ADA), absent(1, "newer"));
        byte[] payload = NewerSteps.of(newer);
        SyncTask task =
                Examples.waiting(1, service.book(ADA).id(), Examples.TABLET, Priority.BACKGROUND, newer.firstCode());
        store.inTransaction(() -> {
            BookState book = store.books().lock(ADA).book();
            store.tasks().insertWaiting(task, payload, Tasks.Terms.of(newer), service.clock.instant());
            store.books().save(book, book.withOpenTasks(1));
        });
        ApplyChanges next = parked(tick(phone.rebasing(service.code(ADA), absent(2, "next"))));

        for (int i = 0; i < 20; i++) {
            service.clock.pass(Duration.ofMinutes(1));
            assertThat(service.sweep()).isEmpty();
        }

        assertThat(service.task(task.id()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
        assertThat(service.task(task.id()).orElseThrow().attempts()).isZero();
        assertThat(store.tasks().payload(task.id()).orElseThrow().payload()).isEqualTo(payload);
        assertThat(store.tasks().givenUp(Optional.empty(), Optional.empty(), 0, 9))
                .isEmpty();
        assertThat(service.task(next.task()).orElseThrow().state()).isEqualTo(TaskState.WAITING);
        assertThat(service.visible(ADA)).isEmpty();

        service.deliver(new Step.CancelTask(
                new Step.Head(ADA, task.id(), Examples.TABLET, service.clock.instant(), Examples.REPLY_TO)));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(2));
        assertThat(service.book(ADA).openTasks()).isZero();
    }

    @Test
    void aTaskThatThrewOnceRunsAtItsNextAttempt() {
        ApplyChanges step = tablet.changes(put(66, "not poison for ever"));
        contacts.failOn(uid(66));
        service.park(step);
        service.clock.pass(Duration.ofSeconds(15));
        service.sweep();
        assertThat(service.task(step.task()).orElseThrow().attempts()).isEqualTo(1);
        contacts.failOn(uid(67));
        assertThat(service.sweep()).isEmpty();
        service.clock.pass(Duration.ofSeconds(1));

        service.sweep();

        assertThat(service.visible(ADA)).containsOnlyKeys(uid(66));
    }

    /** Protocol 1.3: users do not wait for each other. */
    @Test
    void aStuckTaskOfOneUserDoesNotStopAnother() {
        contacts.failOn(uid(66));
        service.park(tablet.changes(put(66, "poison")));
        service.clock.pass(Duration.ofSeconds(15));
        service.sweep();

        done(service.answer(service.deviceOf(BOB, "phone").changes(put(1, "Bob"))));
    }

    @Test
    void afterATaskThatFailsTheFollowingOnesWaitForItsBackOff() {
        ApplyChanges poisoned = tick(tablet.changes(put(66, "poison")));
        contacts.failOn(uid(66));
        service.park(poisoned);

        Outcome next = service.answer(tick(phone.changes(put(1, "Ada"))));

        assertThat(next).isInstanceOf(Outcome.Accepted.class);
        assertThat(service.task(poisoned.task()).orElseThrow().attempts()).isEqualTo(1);
        assertThat(service.countFailedAttempt(BOB, poisoned.task())).isEmpty();
    }

    /** Protocol 4.11.1, 4.12.1. */
    @Test
    void tasksAreShownInOrderWithHowManyAreAheadOfThem() {
        OpenUpload upload = holding();
        OpenUpload notBegun = tick(watch.open(TaskKind.REPLACE, 1, 1));
        OpenUpload norThis = tick(watch.open(TaskKind.REPLACE, 1, 1));
        service.answer(notBegun);
        service.answer(tick(norThis));
        ApplyChanges first = parked(tick(tablet.changes(put(2, "b"))));
        ApplyChanges second = parked(tick(watch.changes(put(3, "c"))));

        List<TaskView> views = service.readings.tasks(ADA);

        assertThat(views)
                .extracting(TaskView::id)
                .containsExactly(upload.task(), first.task(), second.task(), notBegun.task(), norThis.task());
        assertThat(views).extracting(TaskView::position).containsExactly(0, 1, 2, 3, 3);
        assertThat(views)
                .allSatisfy(view ->
                        assertThat(service.readings.task(ADA, view.id())).contains(view));
        assertThat(views.get(0).upload().orElseThrow().nextChunk()).isEqualTo(2);
        assertThat(views.get(0).upload().orElseThrow().checkCode()).isPresent();
        assertThat(views.get(3).upload().orElseThrow().checkCode()).isEmpty();
    }

    /** Protocol 8.6: an upload does not overtake what waits. */
    @Test
    void anUploadWaitsForTasksThatWait() {
        contacts.failOn(uid(66));
        service.park(tablet.changes(put(66, "poison")));
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 1);
        service.answer(open);

        assertThat(refused(service.answer(phone.chunk(open, 1, put(1, "x"))), Problem.TaskWaiting.class)
                        .position())
                .isEqualTo(1);
    }

    @Test
    void aRefusedTaskThatWaitedLeavesTheBookAsItWas() {
        OpenUpload upload = holding();
        ApplyChanges refuses = parked(tablet.changes(put(2, "b")));
        service.answer(phone.chunk(upload, 2, put(9, "x")));
        List<Reply> replies = service.deliver(phone.commit(upload));

        refused(replies.get(1).outcome(), Problem.CheckCodeMismatch.class);
        assertThat(replies.get(1).to()).isEqualTo(refuses.head().replyTo());
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(9));
        assertThat(service.answer(refuses)).isEqualTo(replies.get(1).outcome());
    }

    /** An initial upload of the phone's that has sent one of its two chunks, or a replace when the book is not empty. */
    private OpenUpload holding() {
        OpenUpload open = phone.open(TaskKind.REPLACE, 2, 2);
        assertThat(service.answer(open)).isInstanceOf(Outcome.Opened.class);
        assertThat(service.answer(phone.chunk(open, 1, put(1, "held")))).isInstanceOf(Outcome.Acknowledged.class);
        assertThat(service.book(ADA).hold()).isPresent();
        return open;
    }

    /** As if the chunks of the upload had come all the time. */
    private void holdOn(OpenUpload upload) {
        store.inTransaction(() -> {
            BookState book = store.books().lock(ADA).book();
            java.time.Instant until = service.clock.instant().plus(TestService.LIMITS.uploadLease());
            store.books().save(book, book.withHold(new BookState.Hold(upload.task(), until)));
        });
    }

    private ApplyChanges parked(ApplyChanges step) {
        assertThat(service.answer(step)).isInstanceOf(Outcome.Accepted.class);
        return step;
    }

    /** The next request comes later. */
    private <T> T tick(T step) {
        service.clock.pass(TICK);
        return step;
    }

    private static Change absent(int n, String name) {
        return new Change.Put(uid(n), card(name), Optional.of(Change.Expected.ABSENT));
    }

    /** Contacts of which one cannot be looked at. */
    private static final class FailingContacts implements Contacts {
        private final Contacts contacts;
        private Uid poison = new Uid("none");

        FailingContacts(Contacts contacts) {
            this.contacts = contacts;
        }

        void failOn(Uid uid) {
            poison = uid;
        }

        @Override
        public Map<Uid, Mark> marks(long book, long generation, Collection<Uid> uids) {
            if (uids.contains(poison)) {
                throw new IllegalStateException("on purpose");
            }
            return contacts.marks(book, generation, uids);
        }

        @Override
        public Map<Uid, ContentHash> hashes(long book, long generation, Collection<Uid> uids) {
            return contacts.hashes(book, generation, uids);
        }

        @Override
        public long cardBytes(long book, long generation) {
            return contacts.cardBytes(book, generation);
        }

        @Override
        public void insert(long book, long generation, Collection<StoredContact> added) {
            contacts.insert(book, generation, added);
        }

        @Override
        public RowPage changedSince(long book, long generation, long seq, Optional<Uid> after, RowPage.Bounds bounds) {
            return contacts.changedSince(book, generation, seq, after, bounds);
        }

        @Override
        public List<FeedRow> feedRows(long book, long generation, long seq, Optional<Uid> uid, long last, int most) {
            return contacts.feedRows(book, generation, seq, uid, last, most);
        }

        @Override
        public void removeTombstones(long book, long generation, long seq, Optional<Uid> uid, FeedRow last) {
            contacts.removeTombstones(book, generation, seq, uid, last);
        }
    }
}
