package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.cardOf;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.Difference;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;

/** Protocol 4.19: a book becomes again what it was, with the code that it had. */
public abstract class RestoreScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final Restoring restoring = restoring(TestService.LIMITS);

    protected abstract TestStore newStore();

    /** What a reader saw at a sequence number. */
    private record Seen(CheckCode code, Map<Uid, CanonicalCard> contacts, Instant at) {}

    /** Puts, deletes, mass deletes, uploads of all kinds and restores, in any order: every state comes back. */
    @Test
    void everyPastStateCanBeRestored() {
        for (int run = 0; run < 4; run++) {
            long seed = System.nanoTime();
            String name = "seed=" + seed;
            Random random = new Random(seed);
            Map<Long, Seen> seen = new TreeMap<>();
            BookState start = service.book(ADA);
            seen.put(start.seq(), see());
            for (int step = 0; step < 25; step++) {
                service.clock.pass(Duration.ofSeconds(1));
                act(random, seen);
                seen.put(service.book(ADA).seq(), see());
            }
            for (Map.Entry<Long, Seen> state : seen.entrySet()) {
                restore(bySeq(state.getKey()));
                assertThat(service.code(ADA))
                        .as(name + " seq=" + state.getKey())
                        .isEqualTo(state.getValue().code());
                assertThat(service.visible(ADA))
                        .as(name)
                        .isEqualTo(state.getValue().contacts());
            }
        }
    }

    private void act(Random random, Map<Long, Seen> seen) {
        Change[] changes = random.ints(0, 30)
                .distinct()
                .limit(1 + random.nextInt(8))
                .mapToObj(n -> random.nextInt(3) == 0 ? delete(n) : put(n, "name " + random.nextInt(4)))
                .toArray(Change[]::new);
        switch (random.nextInt(9)) {
            case 0 -> upload(TaskKind.REPLACE, puts(random, 1 + random.nextInt(9)));
            case 1 -> upload(TaskKind.CHANGES, changes);
            case 2 -> apply(IntStream.range(0, 30).mapToObj(Examples::delete).toArray(Change[]::new));
            case 3 -> {
                if (service.book(ADA).digest().count() == 0) {
                    upload(TaskKind.INITIAL, puts(random, 1 + random.nextInt(9)));
                }
            }
            case 4 -> restore(bySeq(List.copyOf(seen.keySet()).get(random.nextInt(seen.size()))));
            default -> apply(changes);
        }
    }

    @Test
    void aStateIsFoundByItsCodeItsNumberAndItsTime() {
        CheckCode empty = service.code(ADA);
        Instant start = service.now();
        apply(put(1, "one"));
        CheckCode one = service.code(ADA);
        service.clock.pass(Duration.ofSeconds(10));
        apply(put(1, "two"), put(2, "two"));

        for (RestoreTarget target : List.of(bySeq(1), byCode(one), byTime(start), byTime(start.plusSeconds(9)))) {
            RestorePlan plan = plan(target).value();
            assertThat(plan.state().code()).isEqualTo(one);
            assertThat(plan.state().seq()).isEqualTo(1);
            assertThat(List.of(plan.puts(), plan.deletes(), plan.count())).containsExactly(1L, 1L, 1L);
            assertThat(plan.first()).extracting(difference -> difference.uid()).containsExactly(uid(1), uid(2));
        }
        for (RestoreTarget target : List.of(bySeq(0), byCode(empty), byTime(start.minusSeconds(1)))) {
            assertThat(plan(target).value().state().code()).isEqualTo(empty);
            assertThat(plan(target).value().deletes()).isEqualTo(2);
        }
        for (RestoreTarget target : List.of(bySeq(2), byCode(service.code(ADA)), byTime(start.plusSeconds(10)))) {
            assertThat(plan(target).value().chunks()).isZero();
        }
    }

    @Test
    void aStateThatIsNotKeptIsRefused() {
        Instant start = service.now();
        apply(put(1, "one"));
        CheckCode one = service.code(ADA);
        apply(put(1, "two"));
        service.clock.pass(Duration.ofSeconds(10));
        apply(put(1, "three"));
        long id = service.book(ADA).id();
        Bounds bounds = new Bounds(start.plusSeconds(5), 100, 1_000_000);
        service.store.inTransaction(() -> service.store.historyRetention().shorten(id, 100, bounds));

        assertThat(plan(bySeq(2)).value().puts()).isEqualTo(1);
        for (RestoreTarget target :
                List.of(bySeq(1), bySeq(0), byCode(one), byCode(Examples.OTHER_CODE), byTime(start))) {
            assertRefused(target, ProblemType.HISTORY_EXPIRED);
        }
        assertRefused(bySeq(4), ProblemType.MALFORMED_REQUEST);
    }

    /** A large restore is divided into chunks, in the same way each time. */
    @Test
    void aLargeRestoreComesInChunks() {
        Restoring small = restoring(new Limits(
                7,
                4 * 1024 * 1024,
                5,
                1024,
                200,
                1_000,
                4,
                16 << 20,
                4 << 20,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1)));
        apply(IntStream.range(0, 40).mapToObj(n -> put(n, "a")).toArray(Change[]::new));
        CheckCode before = service.code(ADA);
        apply(IntStream.range(0, 30).mapToObj(Examples::delete).toArray(Change[]::new));

        Reading<RestorePlan> plan = small.plan(ADA, bySeq(1)).orElseThrow();
        List<List<Change>> chunks = new ArrayList<>();
        small.chunks(plan.book(), plan.value(), chunks::add);

        assertThat(plan.value().chunks()).isEqualTo(5);
        assertThat(plan.value().first()).hasSize(7);
        assertThat(chunks).extracting(List::size).containsExactly(7, 7, 7, 7, 2);
        Step.OpenUpload open =
                phone.open(new UploadPlan(TaskKind.CHANGES, plan.checkCode(), 5, 30, Optional.of(before), true));
        service.answer(open);
        for (int n = 0; n < 5; n++) {
            service.answer(phone.chunk(open, n + 1, chunks.get(n)));
        }
        assertThat(TestService.done(service.answer(phone.commit(open))).checkCode())
                .isEqualTo(before);
    }

    /** Protocol 4.19.5: a book that a full upload replaced by one of the same size; both together are more than a book may have. */
    @Test
    void whatIsDeletedMakesRoomForWhatComesBack() {
        for (int n = 0; n < 10; n++) {
            apply(new Change.Put(uid(n), cardOf(250_000), Optional.empty()));
        }
        CheckCode before = service.code(ADA);
        upload(
                TaskKind.REPLACE,
                IntStream.range(70, 80)
                        .mapToObj(n -> new Change.Put(uid(n), cardOf(250_000), Optional.empty()))
                        .toArray(Change[]::new));
        Limits defaults = Limits.DEFAULTS;
        Restoring small = restoring(new Limits(
                3,
                defaults.chunkBytes(),
                2,
                defaults.oneShotBytes(),
                200,
                1_000,
                4,
                defaults.queuedBytes(),
                4 << 20,
                defaults.queueAge(),
                defaults.waitDefault(),
                defaults.waitMost(),
                defaults.uploadLease(),
                defaults.taskRetention(),
                defaults.changesRetention(),
                defaults.historyRetention()));

        Reading<RestorePlan> plan = small.plan(ADA, byCode(before)).orElseThrow();
        List<List<Change>> chunks = new ArrayList<>();
        small.chunks(plan.book(), plan.value(), chunks::add);

        assertThat(chunks).hasSize(plan.value().chunks()).hasSize(8);
        Step.OpenUpload open =
                phone.open(new UploadPlan(TaskKind.CHANGES, plan.checkCode(), 8, 20, Optional.of(before), true));
        service.answer(open);
        for (int n = 0; n < 8; n++) {
            assertThat(service.answer(phone.chunk(open, n + 1, chunks.get(n))))
                    .as("chunk " + (n + 1))
                    .isInstanceOf(Outcome.Acknowledged.class);
        }
        assertThat(TestService.done(service.answer(phone.commit(open))).checkCode())
                .isEqualTo(before);
    }

    /** Protocol 4.19.5: 410 says that a state is not kept any more, and nothing of a book that changes at this moment. */
    @Test
    void aBookThatChangesWhileItIsComparedIsComparedAgain() {
        apply(put(1, "one"), put(2, "two"));
        apply(put(2, "other"));
        BookHistory history = service.store.history();
        AtomicInteger reads = new AtomicInteger();
        BookHistory meanwhile = (BookHistory) Proxy.newProxyInstance(
                BookHistory.class.getClassLoader(), new Class<?>[] {BookHistory.class}, (self, method, arguments) -> {
                    if (method.getName().equals("ended") && reads.getAndIncrement() == 0) {
                        apply(put(1, "changed meanwhile"));
                    }
                    return method.invoke(history, arguments);
                });

        RestorePlan plan = new Restoring(service.store.books(), meanwhile, service.store.pages(), TestService.LIMITS)
                .plan(ADA, bySeq(1))
                .orElseThrow()
                .value();

        assertThat(reads.get()).isGreaterThan(1);
        assertThat(List.of(plan.puts(), plan.deletes(), plan.count())).containsExactly(2L, 0L, 2L);
    }

    /** Protocol 4.19.3: contacts that are the same again, or are staged, or belong to a book that was replaced, do not disturb. */
    @Test
    void aStateIsComparedWithWhatWasWrittenSince() {
        apply(IntStream.range(0, 30).mapToObj(n -> put(n, "a")).toArray(Change[]::new));
        CheckCode asked = service.code(ADA);
        upload(
                TaskKind.REPLACE,
                IntStream.range(0, 20).mapToObj(n -> put(n, "b")).toArray(Change[]::new));
        CheckCode replaced = service.code(ADA);
        apply(put(1, "c"), put(2, "c"), delete(3), put(40, "new"));
        apply(put(1, "d"), put(2, "b"), delete(40), put(41, "new"));
        service.answer(phone.open(TaskKind.REPLACE, 2, 2));
        Step.OpenUpload open = service.device("tablet").open(TaskKind.REPLACE, 2, 9);
        service.answer(open);
        service.answer(service.device("tablet")
                .chunk(
                        open,
                        1,
                        IntStream.range(0, 8).mapToObj(n -> put(n, "staged")).toArray(Change[]::new)));

        RestorePlan plan = plan(byCode(replaced)).value();
        assertThat(plan.first()).extracting(Difference::uid).containsExactly(uid(1), uid(3), uid(41));
        assertThat(List.of(plan.puts(), plan.deletes(), plan.count())).containsExactly(2L, 1L, 20L);
        RestorePlan before = plan(byCode(asked)).value();
        assertThat(List.of(before.puts(), before.deletes(), before.count())).containsExactly(30L, 1L, 30L);
    }

    private TaskState state(Step step) {
        return service.task(step.task()).orElseThrow().state();
    }

    private Restoring restoring(Limits limits) {
        return new Restoring(service.store.books(), service.store.history(), service.store.pages(), limits);
    }

    private void assertRefused(RestoreTarget target, ProblemType type) {
        assertThatThrownBy(() -> plan(target))
                .as(target.toString())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(type));
    }

    private void restore(RestoreTarget target) {
        Reading<RestorePlan> plan = plan(target);
        RestorePlan value = plan.value();
        if (value.chunks() == 0) {
            return;
        }
        List<Change> changes = restoring.changes(plan.book(), value.state(), value.first());
        IncrementalSync sync =
                new IncrementalSync(changes, Optional.of(value.state().code()), OnMismatch.REFUSE, true);
        assertThat(TestService.done(service.answer(phone.apply(plan.checkCode(), sync)))
                        .checkCode())
                .isEqualTo(value.state().code());
    }

    private Reading<RestorePlan> plan(RestoreTarget target) {
        return restoring.plan(ADA, target).orElseThrow();
    }

    private static RestoreTarget bySeq(long seq) {
        return new RestoreTarget(Optional.empty(), OptionalLong.of(seq), Optional.empty(), false);
    }

    private static RestoreTarget byCode(CheckCode code) {
        return new RestoreTarget(Optional.of(code), OptionalLong.empty(), Optional.empty(), false);
    }

    private static RestoreTarget byTime(Instant time) {
        return new RestoreTarget(Optional.empty(), OptionalLong.empty(), Optional.of(time), false);
    }

    private Seen see() {
        return new Seen(service.code(ADA), service.visible(ADA), service.now());
    }

    private static Change[] puts(Random random, int count) {
        return random.ints(0, 30)
                .distinct()
                .limit(count)
                .mapToObj(n -> put(n, "name " + random.nextInt(4)))
                .toArray(Change[]::new);
    }

    private void apply(Change... changes) {
        TestService.done(service.answer(phone.apply(
                service.code(ADA), new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true))));
    }

    private void upload(TaskKind kind, Change... contacts) {
        Step.OpenUpload open = phone.open(kind, 1, contacts.length);
        service.answer(open);
        service.answer(phone.chunk(open, 1, contacts));
        TestService.done(service.answer(phone.commit(open, Optional.empty(), true)));
    }
}
