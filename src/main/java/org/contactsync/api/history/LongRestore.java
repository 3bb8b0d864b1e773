package org.contactsync.api.history;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.queue.SyncGateway;
import org.contactsync.queue.UploadEnds;
import org.contactsync.queue.Wait;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/**
 * Fills uploads that restore books, through the same steps as a client. When this instance stops, so does the upload; when it is killed, the
 * lease ends the upload. Nothing has happened then. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class LongRestore {
    /** Each has a thread, and holds one chunk. Many users restore at once after a faulty client came out. */
    private static final int MOST = 4;

    private static final int CREATED = 201;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final UserPlaces places = new UserPlaces(MOST, 1);
    private SyncGateway gateway;
    private UploadEnds ends;
    private Restoring restoring;
    private BookReadings readings;
    private Limits limits;
    private Clock clock;

    @Resource
    private ManagedExecutorService executor;

    /** For the container's proxy. */
    protected LongRestore() {}

    @Inject
    public LongRestore(
            SyncGateway gateway,
            UploadEnds ends,
            Restoring restoring,
            BookReadings readings,
            Limits limits,
            Clock clock) {
        this.gateway = gateway;
        this.ends = ends;
        this.restoring = restoring;
        this.readings = readings;
        this.limits = limits;
        this.clock = clock;
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
                        .orElseGet(FilledUpload::unknown)),
                executor);
    }

    /** The answer to a repeated request: that of the upload, once it has ended. */
    CompletionStage<Outcome> repeat(Step.Head head, RequestDigest digest, TaskView earlier) {
        CheckCode first = readings.book(head.owner())
                .map(BookReadings::checkCode)
                .orElseThrow(() -> ProblemException.of(ProblemType.NOT_FOUND, "no such task"));
        UploadPlan any = new UploadPlan(TaskKind.CHANGES, first, 1, 1, Optional.empty(), true);
        return gateway.run(new Step.OpenUpload(head, digest, any)).thenCompose(open -> {
            if (Answers.of(open).status() != CREATED) {
                return CompletableFuture.completedFuture(open);
            }
            if (!earlier.state().finished()) {
                return CompletableFuture.completedFuture(new Refused(new Problem.InProgress(head.task())));
            }
            return gateway.run(new Step.CommitUpload(on(head), FilledUpload.commit()));
        });
    }

    private Outcome fill(
            Step.Head head, RequestDigest digest, Reading<RestorePlan> reading, CompletableFuture<Boolean> opened) {
        RestorePlan plan = reading.value();
        FilledUpload upload = new FilledUpload(new ThisInstance(), head, digest);
        Outcome open = upload.open(new UploadPlan(
                TaskKind.CHANGES,
                reading.checkCode(),
                plan.chunks(),
                plan.total(),
                Optional.of(plan.state().code()),
                true));
        if (Answers.of(open).status() != CREATED) {
            return open;
        }
        opened.complete(true);
        int[] number = {0};
        return upload.complete(
                () -> restoring.chunks(reading.book(), plan, changes -> upload.put(++number[0], changes)));
    }

    private final class ThisInstance implements FilledUpload.Instance {
        @Override
        public Outcome run(Step step) {
            // It completes by itself, at the latest when the step's time is over.
            return gateway.run(step).toCompletableFuture().join();
        }

        @Override
        public Outcome end(Step.Head head, TaskState state, Outcome kept) {
            return ends.end(head, state, kept);
        }

        @Override
        public boolean stops() {
            return ends.stopping();
        }

        @Override
        public Step.Head next(Step.Head head) {
            return on(head);
        }

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        }
    }

    private Step.Head on(Step.Head head) {
        return new Step.Head(
                head.owner(), head.task(), head.device(), clock.instant(), gateway.replyTo(UUID.randomUUID()));
    }
}
