package org.contactsync.api.history;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.queue.SyncGateway;
import org.contactsync.queue.Wait;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/**
 * Fills uploads that restore books, through the same steps as a client. When this instance ends, the lease of the upload does, and nothing
 * has happened. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class LongRestore {
    private static final FailureLog LOG = FailureLog.of(LongRestore.class);

    /** Each has a thread, and holds one chunk. Many users restore at once after a faulty client came out. */
    private static final int MOST = 4;

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int LATER = 503;
    private static final int TOO_MANY = 429;

    /** While another upload has its turn, or the database does not answer. */
    private static final int ATTEMPTS = 30;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final UserPlaces places = new UserPlaces(MOST, 1);
    private SyncGateway gateway;
    private Restoring restoring;
    private BookReadings readings;
    private Limits limits;
    private Clock clock;

    @Resource
    private ManagedExecutorService executor;

    /** For the container's proxy. */
    protected LongRestore() {}

    @Inject
    public LongRestore(SyncGateway gateway, Restoring restoring, BookReadings readings, Limits limits, Clock clock) {
        this.gateway = gateway;
        this.restoring = restoring;
        this.readings = readings;
        this.limits = limits;
        this.clock = clock;
    }

    /** Ends the filling of an upload with what one of its steps was answered. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Outcome outcome;

        Stopped(Outcome outcome) {
            super("a step was refused", null, false, false);
            this.outcome = outcome;
        }
    }

    /**
     * Starts a restore; the stage completes with its outcome, or with 202 when the wait has expired.
     *
     * @param share released when the restore has ended
     */
    CompletionStage<Outcome> start(
            Step.Head head, RequestDigest digest, Reading<RestorePlan> plan, Wait wait, Share share) {
        share.growTo(limits.chunkBytes());
        if (places.take(head.owner()) != Grant.GIVEN) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.TOO_MUCH_WORK, RETRY));
        }
        CompletableFuture<Boolean> opened = new CompletableFuture<>();
        CompletableFuture<Outcome> ended;
        try {
            ended = CompletableFuture.supplyAsync(() -> fill(head, digest, plan, opened), executor);
        } catch (RejectedExecutionException e) {
            places.release(head.owner());
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.TOO_MUCH_WORK, RETRY));
        }
        ended = ended.whenComplete((outcome, failure) -> {
            places.release(head.owner());
            share.release();
        });
        return waitFor(head, ended, opened, wait);
    }

    private CompletionStage<Outcome> waitFor(
            Step.Head head, CompletableFuture<Outcome> ended, CompletableFuture<Boolean> opened, Wait wait) {
        CompletableFuture<Optional<Outcome>> known = ended.thenApply(Optional::of);
        CompletableFuture<Optional<Outcome>> first;
        if (wait instanceof Wait.NotAtAll) {
            first = known.applyToEither(opened.thenApply(open -> Optional.empty()), each -> each);
        } else {
            Duration most = wait instanceof Wait.UntilDone until ? until.most() : ((Wait.Briefly) wait).most();
            first = known.copy().completeOnTimeout(Optional.empty(), most.toMillis(), TimeUnit.MILLISECONDS);
        }
        return first.thenApplyAsync(
                outcome -> outcome.orElseGet(() -> readings.task(head.owner(), head.task())
                        .<Outcome>map(Outcome.Accepted::new)
                        .orElseGet(LongRestore::unknown)),
                executor);
    }

    /** The answer to a repeated request: that of the upload, once it has ended. */
    CompletionStage<Outcome> repeat(Step.Head head, RequestDigest digest, TaskView earlier) {
        UploadPlan any = new UploadPlan(
                TaskKind.CHANGES,
                BookReadings.checkCode(readings.book(head.owner()).orElseThrow()),
                1,
                1,
                Optional.empty(),
                true);
        return gateway.run(new Step.OpenUpload(head, digest, any)).thenCompose(open -> {
            if (Answers.of(open).status() != CREATED) {
                return CompletableFuture.completedFuture(open);
            }
            if (!earlier.state().finished()) {
                return CompletableFuture.completedFuture(new Refused(new Problem.InProgress(head.task())));
            }
            return gateway.run(new Step.CommitUpload(on(head), commit()));
        });
    }

    private Outcome fill(
            Step.Head head, RequestDigest digest, Reading<RestorePlan> reading, CompletableFuture<Boolean> opened) {
        RestorePlan plan = reading.value();
        UploadPlan upload = new UploadPlan(
                TaskKind.CHANGES,
                reading.checkCode(),
                plan.chunks(),
                plan.total(),
                Optional.of(plan.state().code()),
                true);
        Outcome open = run(new Step.OpenUpload(head, digest, upload));
        if (Answers.of(open).status() != CREATED) {
            return open;
        }
        opened.complete(true);
        try {
            int[] number = {0};
            restoring.chunks(reading.book(), plan, changes -> put(head, digest, ++number[0], changes));
            return retrying(() -> new Step.CommitUpload(on(head), commit()));
        } catch (Stopped e) {
            return cancelled(head, e.outcome);
        } catch (ProblemException e) {
            return cancelled(head, new Refused(e.problem()));
        } catch (RuntimeException e) {
            LOG.warning(
                    "restore failed",
                    "task=" + head.task() + " owner=" + head.owner().key(),
                    e);
            return cancelled(head, new Refused(new Problem.Plain(ProblemType.INTERNAL_ERROR, "the restore failed")));
        }
    }

    private void put(Step.Head head, RequestDigest digest, int number, List<Change> changes) {
        RequestDigest own = RequestDigest.of("restore chunk " + number + " " + digest.hex(), new byte[0]);
        retrying(() -> new Step.PutChunk(on(head), number, own, changes));
    }

    /**
     * Repeats a step while its answer only means "later": another upload has its turn, too much of the user's waits or is being removed, or
     * nobody knows what came of it, and the repetition gets the answer.
     */
    private Outcome retrying(Supplier<Step> step) {
        for (int attempt = 1; ; attempt++) {
            Outcome outcome = run(step.get());
            int status = Answers.of(outcome).status();
            if (status == OK) {
                return outcome;
            }
            boolean later = status == LATER
                    || status == TOO_MANY
                    || outcome instanceof Refused refused && refused.problem() instanceof Problem.TaskWaiting;
            if (!later || attempt == ATTEMPTS) {
                throw new Stopped(outcome);
            }
            pause();
        }
    }

    private Outcome cancelled(Step.Head head, Outcome outcome) {
        run(new Step.CancelTask(on(head)));
        return outcome;
    }

    private Outcome run(Step step) {
        // It completes by itself, at the latest when the step's time is over.
        return gateway.run(step).toCompletableFuture().join();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped(unknown());
        }
    }

    private static UploadCommit commit() {
        return new UploadCommit(Optional.empty(), true);
    }

    private static Outcome unknown() {
        return new Refused(new Problem.Unavailable(UnavailableReason.OUTCOME_UNKNOWN, RETRY));
    }

    private Step.Head on(Step.Head head) {
        return new Step.Head(
                head.owner(), head.task(), head.device(), clock.instant(), gateway.replyTo(UUID.randomUUID()));
    }
}
