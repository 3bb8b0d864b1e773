package org.contactsync.queue.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.queue.work.CommitGroups.Waits;
import org.contactsync.sync.Examples;
import org.contactsync.sync.Latch;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.step.Group;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.task.Replies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which steps share a transaction, and what each of them is told. */
class CommitGroupsTest {
    private static final int MOST = 16;

    /** Longer than any test. */
    private static final Duration PATIENT = Duration.ofHours(1);

    private static final int LONGEST_SECONDS = 60;

    private final Transactions transactions = new Transactions();
    private final List<Integer> counted = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aLoneStepRunsAlone() {
        ApplyChanges step = step("ada");

        assertThat(groups(MOST, 1, PATIENT).run(step)).contains(done(step));

        assertThat(transactions.ran).containsExactly(List.of(step));
        assertThat(counted).isEmpty();
    }

    @Test
    void thoseThatComeMeanwhileAreTakenTogetherByTheFirst() {
        CommitGroups groups = groups(MOST, 2, PATIENT);
        Held one = new Held(groups, step("ada"));
        Held two = new Held(groups, step("bob"));
        List<Call> waiting = waiting(groups, step("cy"), step("dan"), step("eve"));

        two.end();
        waiting.forEach(Call::isDone);

        assertThat(transactions.ran).last().isEqualTo(steps(waiting));
        assertThat(transactions.leaders).last().isEqualTo(waiting.get(0).thread);
        assertThat(counted).containsExactly(3);
        one.end();
        assertThat(transactions.ran).hasSize(3);
        assertAllAreFree(groups, 2);
    }

    @Test
    void twoStepsOfOneOwnerOrOneTaskAreNotInOneTransaction() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        Held first = new Held(groups, step("ada"));
        ApplyChanges task = step("dan");
        ApplyChanges sameTask = step("eve", task.task(), List.of(Examples.delete(1)), List.of());
        List<Call> waiting = waiting(groups, step("bob"), step("bob"), task, sameTask);

        first.end();
        waiting.forEach(Call::isDone);

        List<ApplyChanges> steps = steps(waiting);
        assertThat(transactions.ran)
                .containsExactly(
                        List.of(first.step()),
                        List.of(steps.get(0), steps.get(2)),
                        List.of(steps.get(1), steps.get(3)));
        assertAllAreFree(groups, 1);
    }

    @Test
    void aTransactionHasNoMoreThanSoMany() {
        CommitGroups groups = groups(3, 1, PATIENT);
        Held first = new Held(groups, step("ada"));
        List<Call> waiting = waiting(groups, step("bob"), step("cy"), step("dan"), step("eve"), step("fay"));

        first.end();
        waiting.forEach(Call::isDone);

        List<ApplyChanges> steps = steps(waiting);
        assertThat(transactions.ran).containsExactly(List.of(first.step()), steps.subList(0, 3), steps.subList(3, 5));
        assertThat(counted).containsExactly(3, 2);
        assertAllAreFree(groups, 1);
    }

    @Test
    void whenItFailsEachIsToRunAlone() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        Held first = new Held(groups, step("ada"));
        List<Call> waiting = waiting(groups, step("bob"), step("cy"), step("dan"));
        transactions.together = group -> {
            throw new IllegalStateException("made to fail");
        };

        first.end();

        assertThat(waiting).extracting(Call::replies).containsOnly(Optional.empty());
        assertThat(transactions.ran).containsExactly(List.of(first.step()), steps(waiting));
        assertThat(counted).isEmpty();
        assertAllAreFree(groups, 1);
    }

    /** The transaction is committed: its steps are answered. */
    @Test
    void whenItCannotBeCountedItsStepsAreAnswered() {
        CommitGroups groups = new CommitGroups(transactions, MOST, 1, new Waits(PATIENT, PATIENT), number -> {
            throw new IllegalStateException("made to fail");
        });
        Held first = new Held(groups, step("ada"));
        List<Call> waiting = waiting(groups, step("bob"), step("cy"));

        first.end();

        waiting.forEach(Call::isDone);
        assertThat(transactions.ran).containsExactly(List.of(first.step()), steps(waiting));
        assertAllAreFree(groups, 1);
    }

    /** The leader ends with it, and nobody waits for ever. */
    @Test
    void whenItEndsWithAnErrorTheOthersAreToRunAlone() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        Held first = new Held(groups, step("ada"));
        List<Call> waiting = waiting(groups, step("bob"), step("cy"));
        transactions.together = group -> {
            throw new StackOverflowError("made to fail");
        };

        first.end();

        assertThatThrownBy(() -> waiting.get(0).replies()).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(waiting.get(1).replies()).isEmpty();
        assertAllAreFree(groups, 1);
    }

    @Test
    void aStepOfWhichNothingWasDoneIsToRunAloneAndTheOthersAreAnswered() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        Held first = new Held(groups, step("ada"));
        ApplyChanges left = step("cy");
        List<Call> waiting = waiting(groups, step("bob"), left, step("dan"));
        transactions.together = group -> group.steps().stream()
                .map(step -> Optional.of(step).filter(each -> each != left).map(CommitGroupsTest::done))
                .toList();

        first.end();

        waiting.get(0).isDone();
        assertThat(waiting.get(1).replies()).isEmpty();
        waiting.get(2).isDone();
        assertThat(counted).containsExactly(2);
    }

    @Test
    void aLeaderOfWhichNothingWasDoneIsToRunAloneToo() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        Held first = new Held(groups, step("ada"));
        ApplyChanges left = step("bob");
        List<Call> waiting = waiting(groups, left, step("cy"));
        transactions.together = group -> group.steps().stream()
                .map(step -> Optional.of(step).filter(each -> each != left).map(CommitGroupsTest::done))
                .toList();

        first.end();

        assertThat(waiting.get(0).replies()).isEmpty();
        waiting.get(1).isDone();
        assertThat(counted).isEmpty();
        assertAllAreFree(groups, 1);
    }

    @Test
    void whatALoneStepThrowsIsThrownAndTheNextOneRuns() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        ApplyChanges step = step("ada");
        transactions.alone = any -> {
            throw new BookBusyException(new IllegalStateException("locked"));
        };

        assertThatThrownBy(() -> groups.run(step)).isInstanceOf(BookBusyException.class);
        transactions.alone = CommitGroupsTest::done;
        assertAllAreFree(groups, 1);
    }

    /** Whoever sends changes that read much delays the others for a short time only. */
    @Test
    void aStepThatRunsAloneForLongLosesItsPlaceToOneThatWaits() {
        CommitGroups groups = groups(MOST, 1, new Waits(Duration.ofMillis(500), PATIENT));
        Held slow = new Held(groups, step("ada"));
        Held slower = new Held(groups, step("bob"));

        new Call(groups, step("cy")).isDone();

        slower.end();
        new Call(groups, step("dan")).isDone();
        slow.end();
        assertThat(transactions.ran).hasSize(4);
        assertOneAtATime(groups);
    }

    @Test
    void aStepWhosePatienceEndsRunsAloneAndIsInNoLaterTransaction() {
        CommitGroups groups = groups(MOST, 1, Duration.ofMillis(1));
        Held first = new Held(groups, step("ada"));

        assertThat(new Call(groups, step("bob")).replies()).isEmpty();

        first.end();
        assertThat(transactions.ran).containsExactly(List.of(first.step()));
        assertAllAreFree(groups, 1);
    }

    @Test
    void aStepThatIsInterruptedRunsAloneAndIsInNoLaterTransaction() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        Held first = new Held(groups, step("ada"));
        List<Call> waiting = waiting(groups, step("bob"), step("cy"), step("dan"));

        waiting.get(0).thread.interrupt();

        assertThat(waiting.get(0).replies()).isEmpty();
        assertThat(waiting.get(0).interrupted.join()).isTrue();
        first.end();
        waiting.subList(1, 3).forEach(Call::isDone);
        assertThat(transactions.ran).containsExactly(List.of(first.step()), steps(waiting.subList(1, 3)));
        assertAllAreFree(groups, 1);
    }

    @Test
    void aLargeStepIsToRunAlone() {
        CommitGroups groups = groups(MOST, 1, PATIENT);
        List<Change> many =
                IntStream.range(0, 2).<Change>mapToObj(Examples::delete).toList();
        Change large = new Change.Put(new Uid("large"), Examples.cardOf(64 * 1024 + 1), Optional.empty());
        List<LostCard> lost = List.of(new LostCard(new Uid("lost"), Examples.card("Ada")));

        assertThat(groups.run(step("ada", TaskId.random(), many, List.of()))).isEmpty();
        assertThat(groups.run(step("ada", TaskId.random(), List.of(large), List.of())))
                .isEmpty();
        assertThat(groups.run(step("ada", TaskId.random(), List.of(Examples.delete(1)), lost)))
                .isEmpty();
        assertThat(groups(1, 1, PATIENT).run(step("ada"))).isEmpty();
        assertThat(transactions.ran).isEmpty();
        assertThat(groups.run(step("ada", TaskId.random(), many.subList(0, 1), List.of())))
                .isPresent();
    }

    /** However they meet, and whatever fails: each step is run once, and told what became of it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void eachStepRunsOnce(long seed) {
        int leaders = 1 + (int) seed % 3;
        int most = 2 + (int) seed;
        boolean losePlaces = seed > 6;
        CommitGroups groups =
                groups(most, leaders, new Waits(losePlaces ? Duration.ofNanos(100_000) : PATIENT, PATIENT));
        Map<ApplyChanges, Integer> runs = new ConcurrentHashMap<>();
        Set<ApplyChanges> left = ConcurrentHashMap.newKeySet();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger mostRunning = new AtomicInteger();
        transactions.alone = step -> counting(running, mostRunning, () -> {
            runs.merge(step, 1, Integer::sum);
            if (losePlaces) {
                LockSupport.parkNanos(300_000);
            }
            return done(step);
        });
        transactions.together = group -> counting(running, mostRunning, () -> {
            int luck = group.steps().get(0).hashCode();
            if (luck % 5 == 0) {
                left.addAll(group.steps());
                throw new IllegalStateException("made to fail");
            }
            return group.steps().stream()
                    .map(step -> {
                        if ((luck + step.hashCode()) % 7 == 0) {
                            left.add(step);
                            return Optional.<Replies>empty();
                        }
                        runs.merge(step, 1, Integer::sum);
                        return Optional.of(done(step));
                    })
                    .toList();
        });

        List<CompletableFuture<List<ApplyChanges>>> threads = IntStream.range(0, 12)
                .mapToObj(n -> started(() -> runSome(groups, new Random(seed * 100 + n), runs, left)))
                .toList();

        List<ApplyChanges> all = new ArrayList<>();
        threads.forEach(thread -> all.addAll(joined(thread)));
        assertThat(runs).as("seed=" + seed).hasSize(all.size());
        assertThat(runs.values()).as("seed=" + seed).containsOnly(1);
        assertThat(transactions.ran).as("seed=" + seed).allMatch(steps -> steps.size() <= most);
        assertThat(counted).as("seed=" + seed).allMatch(number -> number > 1 && number <= most);
        transactions.alone = CommitGroupsTest::done;
        transactions.together = Transactions::allDone;
        if (losePlaces) {
            ApplyChanges last = step("last");
            assertThat(groups.run(last)).contains(done(last));
        } else {
            assertThat(mostRunning.get()).as("seed=" + seed).isLessThanOrEqualTo(leaders);
            assertAllAreFree(groups, leaders);
        }
    }

    /** Steps of few owners, so that they often meet one of their own. */
    private static List<ApplyChanges> runSome(
            CommitGroups groups, Random random, Map<ApplyChanges, Integer> runs, Set<ApplyChanges> left) {
        List<ApplyChanges> steps = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ApplyChanges step = step("owner " + random.nextInt(8));
            steps.add(step);
            Optional<Replies> replies = groups.run(step);
            if (replies.isPresent()) {
                assertThat(replies).contains(done(step));
            } else {
                // Nobody else may have refused it: nothing here ends a step's patience.
                assertThat(left).contains(step);
                runs.merge(step, 1, Integer::sum);
            }
        }
        return steps;
    }

    private static <T> T counting(AtomicInteger running, AtomicInteger most, Supplier<T> work) {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            return work.get();
        } finally {
            running.decrementAndGet();
        }
    }

    /** That so many transactions can run at a time: none is taken for one that runs. */
    private void assertAllAreFree(CommitGroups groups, int leaders) {
        List<Held> held = IntStream.range(0, leaders)
                .mapToObj(n -> new Held(groups, step("free " + n)))
                .toList();
        held.forEach(Held::end);
    }

    /** That the next one has a place, and the one after it waits for it. */
    private void assertOneAtATime(CommitGroups groups) {
        Held next = new Held(groups, step("free"));
        List<Call> waits = waiting(groups, step("waits"));
        next.end();
        waits.get(0).isDone();
    }

    private CommitGroups groups(int most, int leaders, Duration patience) {
        return groups(most, leaders, new Waits(PATIENT, patience));
    }

    private CommitGroups groups(int most, int leaders, Waits waits) {
        return new CommitGroups(transactions, most, leaders, waits, counted::add);
    }

    /** Calls that wait, in their order. */
    private static List<Call> waiting(CommitGroups groups, ApplyChanges... steps) {
        List<Call> calls = new ArrayList<>();
        for (ApplyChanges step : steps) {
            Call call = new Call(groups, step);
            await().atMost(Duration.ofSeconds(LONGEST_SECONDS))
                    .until(() -> call.thread.getState() == Thread.State.TIMED_WAITING);
            calls.add(call);
        }
        return calls;
    }

    private static List<ApplyChanges> steps(List<Call> calls) {
        return calls.stream().map(call -> call.step).toList();
    }

    private static ApplyChanges step(String owner) {
        return step(owner, TaskId.random(), List.of(Examples.delete(1)), List.of());
    }

    private static ApplyChanges step(String owner, TaskId task, List<Change> changes, List<LostCard> lost) {
        Head head = new Head(
                new Owner("https://issuer.example", owner),
                task,
                Optional.empty(),
                Instant.EPOCH,
                new ReplyTo("contacts.reply.one", UUID.randomUUID()));
        return new ApplyChanges(
                head,
                Examples.DIGEST,
                Examples.SOME_CODE,
                new IncrementalSync(changes, Optional.empty(), OnMismatch.REBASE, false, lost));
    }

    private static Replies done(Step step) {
        return Replies.of(step.head().replyTo(), new Outcome.Gone());
    }

    private static <T> CompletableFuture<T> started(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        start(result, work);
        return result;
    }

    private static <T> Thread start(CompletableFuture<T> result, Supplier<T> work) {
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static <T> T joined(CompletableFuture<T> result) {
        return result.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
    }

    /** A step on a thread of its own. */
    private static final class Call {
        private final ApplyChanges step;
        private final CompletableFuture<Optional<Replies>> result = new CompletableFuture<>();
        private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        private final Thread thread;

        Call(CommitGroups groups, ApplyChanges step) {
            this.step = step;
            thread = start(result, () -> {
                Optional<Replies> replies = groups.run(step);
                interrupted.complete(Thread.currentThread().isInterrupted());
                return replies;
            });
        }

        Optional<Replies> replies() {
            return joined(result);
        }

        void isDone() {
            assertThat(replies()).contains(done(step));
        }
    }

    /** A step whose transaction runs until it is told to end. */
    private final class Held {
        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private final Call call;

        Held(CommitGroups groups, ApplyChanges step) {
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            transactions.held.put(step, () -> {
                begun.complete(true);
                Latch.await(mayEnd);
            });
            call = new Call(groups, step);
            joined(begun);
        }

        ApplyChanges step() {
            return call.step;
        }

        void end() {
            mayEnd.countDown();
            call.isDone();
        }
    }

    /** Transactions of which the test says what they come to. */
    private static final class Transactions extends StepTransaction {
        private final List<List<ApplyChanges>> ran = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> leaders = Collections.synchronizedList(new ArrayList<>());
        private final Map<ApplyChanges, Runnable> held = new ConcurrentHashMap<>();
        private volatile Function<ApplyChanges, Replies> alone = CommitGroupsTest::done;
        private volatile Function<Group, List<Optional<Replies>>> together = Transactions::allDone;

        private static List<Optional<Replies>> allDone(Group group) {
            return group.steps().stream().map(step -> Optional.of(done(step))).toList();
        }

        @Override
        public Replies runIfUnlocked(Step step) {
            ApplyChanges changes = (ApplyChanges) step;
            begin(List.of(changes));
            return alone.apply(changes);
        }

        @Override
        public List<Optional<Replies>> runGroup(Group group) {
            begin(group.steps());
            return together.apply(group);
        }

        private void begin(List<ApplyChanges> steps) {
            leaders.add(Thread.currentThread());
            ran.add(steps);
            held.getOrDefault(steps.get(0), () -> {}).run();
        }
    }
}
