package org.contactsync.api.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/**
 * The steps of one upload that this instance fills. A step whose answer means "later" is sent again for a limited time. Whatever else
 * prevents the upload ends it, and is kept as its answer. One thread at a time.
 */
final class FilledUpload {
    private static final FailureLog LOG = FailureLog.of(FilledUpload.class);

    private static final int OK = 200;
    private static final int FAILED = 500;

    /** Before a step is sent again. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** While its request still waits for nothing else. */
    private static final Duration OPENING = Duration.ofSeconds(5);

    /** For a chunk: another upload has its turn, removed rows still count, or the database is away. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For a commit that may be under way: longer than its transaction can take. */
    private static final Duration COMMIT = Duration.ofMinutes(10);

    /** For its end. Without one the lease ends the upload. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Instance instance;
    private final Step.Head head;
    private final RequestDigest digest;

    /** The instance that fills the upload. */
    interface Instance {
        Outcome run(Step step);

        /** Ends the upload, unless it has ended; what a repeated request is answered from then on. */
        Outcome end(Step.Head head, TaskState state, Outcome kept);

        /** Whether the instance has been asked to stop. */
        boolean stops();

        /** The head of the next step of the same upload. */
        Step.Head next(Step.Head head);

        Instant now();

        void pause(Duration time) throws InterruptedException;
    }

    FilledUpload(Instance instance, Step.Head head, RequestDigest digest) {
        this.instance = instance;
        this.head = head;
        this.digest = digest;
    }

    /** Says that a step was refused for good. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final TaskState state;
        private final transient Outcome outcome;

        Stopped(TaskState state, Outcome outcome) {
            super("a step was refused", null, false, false);
            this.state = state;
            this.outcome = outcome;
        }
    }

    /** Opens the upload; what the step was answered. */
    Outcome open(UploadPlan plan) {
        try {
            return repeat(OPENING, () -> new Step.OpenUpload(instance.next(head), digest, plan));
        } catch (Stopped e) {
            return unknown();
        }
    }

    /** Fills and commits an open upload, or ends it with what prevented that. */
    Outcome complete(Runnable chunks) {
        try {
            chunks.run();
            return done(repeat(COMMIT, () -> new Step.CommitUpload(instance.next(head), commit())));
        } catch (Stopped e) {
            return end(e.state, e.outcome);
        } catch (ProblemException e) {
            return end(TaskState.FAILED, new Refused(e.problem()));
        } catch (RuntimeException e) {
            LOG.warning("restore failed", context(), e);
            return end(TaskState.FAILED, failed());
        }
    }

    void put(int number, List<Change> changes) {
        RequestDigest own = RequestDigest.of("restore chunk " + number + " " + digest.hex(), new byte[0]);
        done(repeat(PATIENCE, () -> new Step.PutChunk(instance.next(head), number, own, changes)));
    }

    static UploadCommit commit() {
        return new UploadCommit(Optional.empty(), true);
    }

    private Outcome done(Outcome outcome) {
        Answer answer = Answers.of(outcome);
        if (answer.status() == OK) {
            return outcome;
        }
        if (isLater(answer)) {
            throw new Stopped(TaskState.EXPIRED, late());
        }
        throw new Stopped(TaskState.FAILED, answer.status() >= FAILED ? failed() : outcome);
    }

    /** Sends a step until its answer is final, the time is over, or this instance stops. */
    private Outcome repeat(Duration patience, Supplier<Step> step) {
        Instant until = instance.now().plus(patience);
        while (true) {
            Outcome outcome = instance.stops() ? stopping() : instance.run(step.get());
            boolean over = instance.stops() || !instance.now().isBefore(until);
            if (over || !isLater(Answers.of(outcome))) {
                return outcome;
            }
            if (!pauses()) {
                throw new Stopped(TaskState.EXPIRED, late());
            }
        }
    }

    /** Also of another instance's answer, of which only the JSON is known. */
    private static boolean isLater(Answer answer) {
        return answer.isProblem() && answer.retryAfter().isPresent();
    }

    /** A failure leaves the upload to its lease. */
    private Outcome end(TaskState state, Outcome kept) {
        Instant until = instance.now().plus(ENDING);
        while (true) {
            try {
                return instance.end(head, state, kept);
            } catch (RuntimeException e) {
                if (instance.stops() || !instance.now().isBefore(until) || !pauses()) {
                    LOG.warning("restore not ended; its lease ends it", context(), e);
                    return unknown();
                }
            }
        }
    }

    /** False when the thread has to end. */
    private boolean pauses() {
        try {
            instance.pause(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String context() {
        return "task=" + head.task() + " owner=" + head.owner().key();
    }

    private Outcome late() {
        return new Refused(new Problem.Plain(
                ProblemType.TASK_EXPIRED,
                instance.stops()
                        ? "the instance that restored the book stopped; nothing was changed"
                        : "the restore's turn did not come in time; nothing was changed"));
    }

    private static Outcome failed() {
        return new Refused(
                new Problem.Plain(ProblemType.TASK_FAILED, "the restore failed, and the failure was logged"));
    }

    private static Outcome stopping() {
        return new Refused(new Problem.Unavailable(UnavailableReason.STOPPING, RETRY));
    }

    static Outcome unknown() {
        return new Refused(new Problem.Unavailable(UnavailableReason.OUTCOME_UNKNOWN, RETRY));
    }
}
