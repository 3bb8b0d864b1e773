package org.contactsync.api.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
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
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocol 4.19.4: what an upload does that the server fills, whatever its steps are answered. */
class FilledUploadTest {
    private static final Outcome OK = told(200);
    private static final Outcome WAITING = new Refused(new Problem.TaskWaiting(1));
    private static final Outcome UNKNOWN = unavailable(UnavailableReason.OUTCOME_UNKNOWN);
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
        private int failingEnds;
        private int pauses;
        private Optional<TaskState> ended = Optional.empty();
        private Optional<Outcome> kept = Optional.empty();

        void answers(Outcome... outcomes) {
            answers.addAll(Arrays.asList(outcomes));
        }

        @Override
        public Outcome run(Step step) {
            steps.add(step);
            return always.orElseGet(() -> answers.isEmpty() ? OK : answers.remove());
        }

        @Override
        public Outcome end(Step.Head head, TaskState state, Outcome why) {
            if (failingEnds-- > 0) {
                throw new IllegalStateException("the database does not answer");
            }
            ended = Optional.of(state);
            kept = Optional.of(why);
            return why;
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

        Outcome outcome = upload.complete(() -> {
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

        assertThat(upload.complete(() -> {})).isEqualTo(OK);
        assertThat(instance.ended).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("laters")
    void aChunkThatIsAlwaysToldLaterEndsTheUpload(Outcome later) {
        instance.always = Optional.of(later);

        Outcome outcome = upload.complete(() -> upload.put(1, CHANGES));

        assertThat(Answers.of(outcome).status()).isEqualTo(410);
        assertThat(instance.ended).contains(TaskState.EXPIRED);
        assertThat(instance.kept).contains(outcome);
        assertThat(instance.pauses).isBetween(60, 300);
    }

    @Test
    void theReasonOfARefusalIsKept() {
        instance.answers(OK, plain(ProblemType.BOOK_FULL));

        assertThat(upload.complete(() -> upload.put(1, CHANGES))).isEqualTo(plain(ProblemType.BOOK_FULL));
        assertThat(instance.ended).contains(TaskState.FAILED);
        assertThat(instance.kept).contains(plain(ProblemType.BOOK_FULL));
    }

    @Test
    void theReasonOfAReadingIsKept() {
        Problem expired = new Problem.Plain(ProblemType.HISTORY_EXPIRED, "removed");

        Outcome outcome = upload.complete(() -> {
            throw new ProblemException(expired);
        });

        assertThat(outcome).isEqualTo(new Refused(expired));
        assertThat(instance.ended).contains(TaskState.FAILED);
    }

    /** An answer that says "later, with the same key" must not be kept for good. */
    @Test
    void aFailureIsKeptAsOneThatNeedsANewKey() {
        instance.answers(plain(ProblemType.INTERNAL_ERROR));

        Outcome outcome = upload.complete(() -> upload.put(1, CHANGES));

        assertThat(Answers.of(outcome).status()).isEqualTo(409);
        assertThat(((Refused) outcome).problem().type()).isEqualTo(ProblemType.TASK_FAILED);
        assertThat(instance.kept).contains(outcome);
        Outcome thrown = upload.complete(() -> {
            throw new IllegalStateException("no connection");
        });
        assertThat(((Refused) thrown).problem().type()).isEqualTo(ProblemType.TASK_FAILED);
    }

    /** At once, not when its patience is over. */
    @Test
    void theStopOfTheInstanceEndsTheUpload() {
        instance.answers(OK);

        Outcome outcome = upload.complete(() -> {
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
        UploadPlan plan =
                new UploadPlan(TaskKind.CHANGES, new CheckCode("ck1." + "A".repeat(43)), 2, 2, Optional.empty(), true);

        assertThat(upload.open(plan)).isEqualTo(UNKNOWN);
        assertThat(instance.steps).hasSizeBetween(2, 10);
        assertThat(instance.ended).isEmpty();
    }

    /** The database may be away for a moment; after that the lease ends the upload. */
    @Test
    void theEndIsTriedAgain() {
        instance.failingEnds = 3;
        instance.answers(plain(ProblemType.BOOK_FULL));
        upload.complete(() -> upload.put(1, CHANGES));
        assertThat(instance.kept).contains(plain(ProblemType.BOOK_FULL));

        instance.failingEnds = 1_000;
        instance.answers(plain(ProblemType.BOOK_FULL));
        Outcome outcome = upload.complete(() -> upload.put(1, CHANGES));
        assertThat(Answers.of(outcome).status()).isEqualTo(503);
    }
}
