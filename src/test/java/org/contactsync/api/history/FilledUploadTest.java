package org.contactsync.api.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.Outcome.Told;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.PastState;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.task.Books;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocol 4.19.4: what an upload does that the server fills, whatever its steps are answered. */
class FilledUploadTest {
    private static final Outcome OK = told(200);
    private static final Outcome WAITING = new Refused(new Problem.TaskWaiting(1));
    private static final Outcome UNKNOWN = unavailable(UnavailableReason.OUTCOME_UNKNOWN);
    private static final CheckCode CODE = new CheckCode("ck1." + "A".repeat(43));
    private static final Reading<RestorePlan> PLAN = new Reading<>(
            PlannedForTest.book(7), CODE, new RestorePlan(new PastState(1, 0, CODE), 2, 2, 0, 2, List.of()));
    private static final List<Change> CHANGES = List.of(new Change.Delete(new Uid("x"), Optional.empty()));

    private final Instance instance = new Instance();
    private final Step.Head head = new Step.Head(
            new Owner("issuer", "ada"),
            TaskId.random(),
            Optional.empty(),
            instance.now,
            new ReplyTo("replies", UUID.randomUUID()));
    private final FilledUpload upload =
            new FilledUpload(instance, head, RequestDigest.ofRestore("restore", new byte[0]));

    /** Answers steps as a test says, and notes what it is asked. */
    private static final class Instance implements FilledUpload.Instance {
        private final Deque<Outcome> answers = new ArrayDeque<>();
        private final List<Step> steps = new ArrayList<>();
        private Optional<Outcome> always = Optional.empty();
        private Instant now = Instant.parse("2026-11-26T12:00:00Z");
        private boolean stops;
        private Duration eachTakes = Duration.ZERO;
        private int failingEnds;
        private int failingSteps;
        private int unopened;
        private int pauses;
        private int rests;
        private int begun;
        private int notBegun;
        private int stopsAfter;
        private boolean known = true;
        private Optional<TaskState> ended = Optional.empty();
        private Optional<Outcome> kept = Optional.empty();

        void answers(Outcome... outcomes) {
            answers.addAll(Arrays.asList(outcomes));
        }

        @Override
        public Outcome run(Step step) {
            steps.add(step);
            now = now.plus(eachTakes);
            if (failingSteps-- > 0) {
                throw new IllegalStateException("the broker does not answer");
            }
            return always.orElseGet(() -> answers.isEmpty() ? OK : answers.remove());
        }

        @Override
        public Outcome end(Step.Head head, TaskState state, Outcome why) {
            if (failingEnds-- > 0) {
                throw new IllegalStateException("the database does not answer");
            }
            if (!known) {
                return plain(ProblemType.NOT_FOUND);
            }
            ended = Optional.of(state);
            kept = Optional.of(why);
            return why;
        }

        @Override
        public Outcome endUnopened(Step.OpenUpload step, TaskState state, Outcome why) {
            unopened++;
            return end(step.head(), state, why);
        }

        @Override
        public boolean stops() {
            return stops;
        }

        @Override
        public Step.Head next(Step.Head head) {
            return new Step.Head(
                    head.owner(), head.task(), head.device(), now, new ReplyTo("replies", UUID.randomUUID()));
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void pause(Duration time) {
            pauses++;
            now = now.plus(time);
        }

        @Override
        public boolean begins(Step.Head head) {
            begun++;
            return begun > notBegun;
        }

        @Override
        public CompletionStage<Outcome> later(Duration time, Supplier<CompletionStage<Outcome>> next) {
            rests++;
            stops |= rests == stopsAfter;
            pause(time);
            return next.get();
        }

        @Override
        public Optional<BookState> book(Owner owner) {
            return Optional.empty();
        }
    }

    private Outcome complete(Runnable chunks) {
        return upload.complete(chunks).toCompletableFuture().join();
    }

    private static Outcome told(int status) {
        return new Told(new Answer(status, Optional.empty(), Optional.empty(), Optional.empty(), "{}"));
    }

    private static Outcome unavailable(UnavailableReason reason) {
        return new Refused(new Problem.Unavailable(reason, Duration.ofSeconds(1)));
    }

    private static Outcome plain(ProblemType type) {
        return new Refused(new Problem.Plain(type, "a reason"));
    }

    static List<Outcome> laters() {
        Outcome quota =
                new Refused(new Problem.QuotaExceeded(Quota.WAITING_REQUESTS, 32, "too many", Duration.ofSeconds(2)));
        return List.of(
                WAITING,
                quota,
                UNKNOWN,
                unavailable(UnavailableReason.BOOK_IN_USE),
                new Told(Answers.of(WAITING)),
                new Told(Answers.of(quota)));
    }

    /** Also when another instance has run the step: of its answer only the JSON is known. */
    @ParameterizedTest
    @MethodSource("laters")
    void aStepThatIsToldLaterIsSentAgain(Outcome later) {
        instance.answers(later, later, OK, later, later, OK, later, OK);

        Outcome outcome = complete(() -> {
            upload.put(1, CHANGES);
            upload.put(2, CHANGES);
        });

        assertThat(outcome).isEqualTo(OK);
        assertThat(instance.ended).isEmpty();
        assertThat(instance.pauses).isEqualTo(5);
        assertThat(instance.steps)
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly(
                        "PutChunk",
                        "PutChunk",
                        "PutChunk",
                        "PutChunk",
                        "PutChunk",
                        "PutChunk",
                        "CommitUpload",
                        "CommitUpload");
        assertThat(instance.steps).extracting(step -> step.head().replyTo()).doesNotHaveDuplicates();
        assertThat(instance.steps.subList(0, 3))
                .extracting(step -> ((Step.PutChunk) step).digest())
                .containsOnly(((Step.PutChunk) instance.steps.get(0)).digest());
    }

    /** Longer than a transaction can take; its end is never the upload's. */
    @Test
    void aCommitUnderWayIsWaitedFor() {
        for (int i = 0; i < 300; i++) {
            instance.answers(UNKNOWN);
        }

        assertThat(complete(() -> {})).isEqualTo(OK);
        assertThat(instance.ended).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("laters")
    void aChunkThatIsAlwaysToldLaterEndsTheUpload(Outcome later) {
        instance.always = Optional.of(later);

        Outcome outcome = complete(() -> upload.put(1, CHANGES));

        assertThat(Answers.of(outcome).status()).isEqualTo(410);
        assertThat(instance.ended).contains(TaskState.EXPIRED);
        assertThat(instance.kept).contains(outcome);
        assertThat(instance.pauses).isBetween(60, 300);
    }

    /** Otherwise a user who has his chunks refused now and then would have a place for two minutes with each of them. */
    @Test
    void allChunksTogetherAreToldLaterForTwoMinutes() {
        Outcome later = laters().get(1);
        for (int chunk = 0; chunk < 3; chunk++) {
            for (int i = 0; i < 50; i++) {
                instance.answers(later);
            }
            instance.answers(OK);
        }

        Outcome outcome = complete(() -> {
            upload.put(1, CHANGES);
            upload.put(2, CHANGES);
            upload.put(3, CHANGES);
        });

        assertThat(Answers.of(outcome).status()).isEqualTo(410);
        assertThat(instance.ended).contains(TaskState.EXPIRED);
        assertThat(instance.pauses).isBetween(115, 125);
    }

    /** What takes time and is not refused has as much as it needs. */
    @Test
    void chunksThatAreTakenDoNotUseUpThePatience() {
        instance.eachTakes = Duration.ofSeconds(10);

        Outcome outcome = complete(() -> {
            for (int number = 1; number <= 100; number++) {
                upload.put(number, CHANGES);
            }
        });

        assertThat(outcome).isEqualTo(OK);
        assertThat(instance.pauses).isZero();
    }

    @Test
    void theReasonOfARefusalIsKept() {
        instance.answers(OK, plain(ProblemType.BOOK_FULL));

        assertThat(complete(() -> upload.put(1, CHANGES))).isEqualTo(plain(ProblemType.BOOK_FULL));
        assertThat(instance.ended).contains(TaskState.FAILED);
        assertThat(instance.kept).contains(plain(ProblemType.BOOK_FULL));
    }

    @Test
    void theReasonOfAReadingIsKept() {
        Problem expired = new Problem.Plain(ProblemType.HISTORY_EXPIRED, "removed");

        Outcome outcome = complete(() -> {
            throw new ProblemException(expired);
        });

        assertThat(outcome).isEqualTo(new Refused(expired));
        assertThat(instance.ended).contains(TaskState.FAILED);
    }

    /** An answer that says "later, with the same key" must not be kept for good. */
    @Test
    void aFailureIsKeptAsOneThatNeedsANewKey() {
        instance.answers(plain(ProblemType.INTERNAL_ERROR));

        Outcome outcome = complete(() -> upload.put(1, CHANGES));

        assertThat(Answers.of(outcome).status()).isEqualTo(409);
        assertThat(((Refused) outcome).problem().type()).isEqualTo(ProblemType.TASK_FAILED);
        assertThat(instance.kept).contains(outcome);
        Outcome thrown = complete(() -> {
            throw new IllegalStateException("no connection");
        });
        assertThat(((Refused) thrown).problem().type()).isEqualTo(ProblemType.TASK_FAILED);
    }

    /** At once, not when its patience is over. */
    @Test
    void theStopOfTheInstanceEndsTheUpload() {
        instance.answers(OK);

        Outcome outcome = complete(() -> {
            upload.put(1, CHANGES);
            instance.stops = true;
            upload.put(2, CHANGES);
        });

        assertThat(instance.steps).hasSize(1);
        assertThat(instance.pauses).isZero();
        assertThat(instance.ended).contains(TaskState.EXPIRED);
        assertThat(((Refused) outcome).problem().detail()).contains("stopped");
    }

    @Test
    void anUploadThatIsNotOpenedEndsNothing() {
        instance.always = Optional.of(UNKNOWN);
        UploadPlan plan = new UploadPlan(TaskKind.CHANGES, CODE, 2, 2, Optional.empty(), true);

        assertThat(upload.open(plan)).isEqualTo(UNKNOWN);
        assertThat(instance.steps).hasSizeBetween(2, 10);
        assertThat(instance.ended).isEmpty();
    }

    /** Nobody else fills it: it must not look alive until its lease ends. */
    @ParameterizedTest
    @MethodSource("laters")
    void anUploadThatMayBeOpenIsEnded(Outcome later) {
        instance.always = Optional.of(later);

        Outcome outcome = restore();

        assertThat(Answers.of(outcome).status()).isEqualTo(410);
        assertThat(instance.ended).contains(TaskState.EXPIRED);
        assertThat(instance.kept).contains(outcome);
    }

    /** Its step may still be on its way: it would open an upload that nobody fills. */
    @Test
    void anUploadThatMayOpenLaterIsPrevented() {
        instance.always = Optional.of(UNKNOWN);
        restore();
        assertThat(instance.unopened).isEqualTo(1);
    }

    /** Then it is certain that nothing is opened, and the request may be sent again with its key. */
    @Test
    void anUploadThatIsRefusedForNowIsNotPrevented() {
        instance.always = Optional.of(unavailable(UnavailableReason.BOOK_IN_USE));
        instance.known = false;

        assertThat(restore()).isEqualTo(unavailable(UnavailableReason.BOOK_IN_USE));
        assertThat(instance.unopened).isZero();
    }

    @Test
    void anOpeningWhoseAnswerIsLostMayHaveHappened() {
        instance.failingSteps = 1_000;

        Outcome outcome = restore();

        assertThat(Answers.of(outcome).status()).isEqualTo(410);
        assertThat(instance.unopened).isEqualTo(1);
        assertThat(instance.ended).contains(TaskState.EXPIRED);
    }

    /** The request may be sent again with its key. */
    @Test
    void anUploadThatWasNotOpenedIsAnsweredWithItsStep() {
        instance.always = Optional.of(UNKNOWN);
        instance.known = false;

        assertThat(restore()).isEqualTo(UNKNOWN);
        assertThat(instance.ended).isEmpty();
        instance.always = Optional.of(plain(ProblemType.BOOK_FULL));
        instance.known = true;
        assertThat(restore()).isEqualTo(plain(ProblemType.BOOK_FULL));
        assertThat(instance.ended).isEmpty();
    }

    private Outcome restore() {
        Restoring none =
                new Restoring(fake(Books.class), fake(BookHistory.class), fake(BookPages.class), Limits.DEFAULTS);
        return upload.restore(none, PLAN, () -> {}).toCompletableFuture().join();
    }

    private static <T> T fake(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    throw new AssertionError("not to be read");
                }));
    }

    /** Others restore meanwhile. */
    @Test
    void anUploadThatWaitsForItsTurnHasNoPlace() {
        instance.notBegun = 5;
        instance.answers(WAITING, OK, WAITING, OK, OK);

        Outcome outcome = complete(() -> {
            upload.put(1, CHANGES);
            upload.put(2, CHANGES);
        });

        assertThat(outcome).isEqualTo(OK);
        assertThat(instance.rests).isEqualTo(6);
        assertThat(instance.begun).isEqualTo(7);
        assertThat(instance.pauses).as("also once before the second chunk").isEqualTo(7);
    }

    /** The database or the broker may be gone before the upload is ended. */
    @Test
    void whatFailsWhileTheInstanceStopsIsToldAsItsStop() {
        Outcome outcome = complete(() -> {
            instance.stops = true;
            throw new IllegalStateException("no connection");
        });

        assertThat(instance.ended).contains(TaskState.EXPIRED);
        assertThat(((Refused) outcome).problem().detail()).contains("stopped");
    }

    /** While it waits for its turn, too. */
    @Test
    void theStopOfTheInstanceEndsAnUploadThatWaits() {
        instance.notBegun = 1_000;
        instance.stopsAfter = 3;

        Outcome outcome = complete(() -> upload.put(1, CHANGES));

        assertThat(instance.steps).isEmpty();
        assertThat(instance.rests).isEqualTo(3);
        assertThat(instance.ended).contains(TaskState.EXPIRED);
        assertThat(((Refused) outcome).problem().detail()).contains("stopped");
    }

    /** The database may be away for a moment; after that the lease ends the upload. */
    @Test
    void theEndIsTriedAgain() {
        instance.failingEnds = 3;
        instance.answers(plain(ProblemType.BOOK_FULL));
        complete(() -> upload.put(1, CHANGES));
        assertThat(instance.kept).contains(plain(ProblemType.BOOK_FULL));

        instance.failingEnds = 1_000;
        instance.answers(plain(ProblemType.BOOK_FULL));
        Outcome outcome = complete(() -> upload.put(1, CHANGES));
        assertThat(Answers.of(outcome).status()).isEqualTo(503);
    }
}
