package org.contactsync.api.history;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.api.history.RestorePlaces.Stay;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
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
import org.contactsync.sync.book.BookState;
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
    private static final FailureLog LOG = FailureLog.of(LongRestore.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** One for each restore that waits for its turn; completed when it is to look again. */
    private final Set<CompletableFuture<Boolean>> waiting = ConcurrentHashMap.newKeySet();

    private SyncGateway gateway;
    private UploadEnds ends;
    private Restoring restoring;
    private BookReadings readings;
    private ReadingPlaces reading;
    private RestorePlaces places;
    private Limits limits;
    private Clock clock;

    @Resource
    private ManagedExecutorService executor;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    /** For the container's proxy. */
    protected LongRestore() {}

    @Inject
    public LongRestore(
            SyncGateway gateway,
            UploadEnds ends,
            Restoring restoring,
            BookReadings readings,
            ReadingPlaces reading,
            WorkBudget budget,
            Limits limits,
            Clock clock) {
        this.gateway = gateway;
        this.ends = ends;
        this.restoring = restoring;
        this.readings = readings;
        this.reading = reading;
        places = new RestorePlaces(budget, limits.chunkBytes());
        this.limits = limits;
        this.clock = clock;
    }

    /** Those that wait end at once when the instance stops. */
    @PostConstruct
    void start() {
        ends.whenStopping(() -> waiting.forEach(each -> each.complete(true)));
    }

    /**
     * Starts a restore; the stage completes with its outcome, or with 202 when the wait has expired.
     *
     * @param share released while the restore waits, and when it has ended
     */
    CompletionStage<Outcome> start(
            Step.Head head, RequestDigest digest, Reading<RestorePlan> plan, Wait wait, Share share) {
        share.growTo(limits.chunkBytes());
        Stay stay = places.begin(head.owner(), share).orElseThrow(LongRestore::tooMuch);
        CompletableFuture<Boolean> opened = new CompletableFuture<>();
        CompletableFuture<Outcome> ended;
        try {
            FilledUpload upload = new FilledUpload(new ThisInstance(stay), head, digest);
            ended = CompletableFuture.supplyAsync(
                            () -> upload.restore(restoring, plan, () -> opened.complete(true)), executor)
                    .thenCompose(each -> each);
        } catch (RejectedExecutionException e) {
            stay.end();
            throw tooMuch();
        }
        ended = ended.whenComplete((outcome, failure) -> stay.end());
        return waitFor(head, ended, opened, wait);
    }

    private static ProblemException tooMuch() {
        return new ProblemException(new Problem.Unavailable(UnavailableReason.TOO_MUCH_WORK, RETRY));
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
                        .orElseGet(StepAnswers::unknown)),
                executor);
    }

    /** The answer to a repeated request: that of the upload, once it has ended. */
    CompletionStage<Outcome> repeat(Step.Head head, RequestDigest digest, TaskView earlier) {
        CheckCode first = readings.book(head.owner())
                .map(BookReadings::checkCode)
                .orElseThrow(() -> ProblemException.of(ProblemType.NOT_FOUND, "no such task"));
        UploadPlan any = new UploadPlan(TaskKind.CHANGES, first, 1, 1, Optional.empty(), true);
        return gateway.run(new Step.OpenUpload(head, digest, any)).thenCompose(open -> {
            if (!StepAnswers.isOpen(open)) {
                return CompletableFuture.completedFuture(open);
            }
            if (!earlier.state().finished()) {
                return CompletableFuture.completedFuture(new Refused(new Problem.InProgress(head.task())));
            }
            return gateway.run(new Step.CommitUpload(on(head), FilledUpload.commit()));
        });
    }

    private final class ThisInstance implements FilledUpload.Instance {
        private final Stay stay;

        ThisInstance(Stay stay) {
            this.stay = stay;
        }

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
        public Outcome endUnopened(Step.OpenUpload step, TaskState state, Outcome kept) {
            return ends.endUnopened(step, state, kept);
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

        @Override
        public boolean begins(Step.Head head) {
            return stay.works() || mayBeItsTurn(head) && stay.goOn();
        }

        @Override
        public CompletionStage<Outcome> later(Duration time, Supplier<CompletionStage<Outcome>> next) {
            stay.rest();
            CompletableFuture<Boolean> look = new CompletableFuture<>();
            waiting.add(look);
            try {
                scheduler.schedule(() -> look.complete(true), time.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                // The server is ending, and the lease ends the upload.
                waiting.remove(look);
                return CompletableFuture.completedFuture(StepAnswers.unknown());
            }
            if (stops()) {
                look.complete(true);
            }
            return look.thenCompose(due -> {
                waiting.remove(look);
                return next.get();
            });
        }

        @Override
        public Optional<BookState> book(Owner owner) {
            return readings.book(owner);
        }
    }

    /** Guessed: the next step knows. Not its turn while nothing can be read. */
    private boolean mayBeItsTurn(Step.Head head) {
        try {
            return reading.runIfFree(head.owner(), () -> waitsForNothing(head)).orElse(false);
        } catch (RuntimeException e) {
            LOG.warning("turn of a restore not read", "task=" + head.task(), e);
            return false;
        }
    }

    /** A step also ends an upload whose lease is over. */
    private boolean waitsForNothing(Step.Head head) {
        boolean first = readings.task(head.owner(), head.task())
                .map(task -> task.position() == 0)
                .orElse(true);
        return first
                || readings.book(head.owner())
                        .flatMap(BookState::hold)
                        .filter(hold -> !hold.leaseUntil().isAfter(clock.instant()))
                        .isPresent();
    }

    private Step.Head on(Step.Head head) {
        return new Step.Head(
                head.owner(), head.task(), head.device(), clock.instant(), gateway.replyTo(UUID.randomUUID()));
    }
}
