package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.contactsync.bounds.OwnerLanes;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.message.ReplyRoute;
import org.contactsync.queue.message.SentSteps;
import org.contactsync.queue.message.Stopping;
import org.contactsync.queue.message.WaitingRequest;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.queue.upkeep.Sweeper;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.queue.work.TransientFailure;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.Replies.Reply;
import org.jspecify.annotations.Nullable;

/** Submits steps to the queue and completes when the outcome arrives; no thread blocks meanwhile. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class SyncGateway {
    private static final FailureLog LOG = FailureLog.of(SyncGateway.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Steps of an upload are never parked: after this time their request is answered 503; repeating it is safe. */
    private static final Duration STEP_WAIT = Duration.ofSeconds(30);

    /** Longer than the wait for a book's lock. */
    private static final Duration PARK_WAIT = Duration.ofSeconds(12);

    /**
     * As many threads as {@code concurrent/parking}; per user, twice as many pieces of work as waiting requests, because a
     * piece that did not start in time stays in line; as many users as waiting requests.
     */
    private static final OwnerLanes.Bounds PARKING = new OwnerLanes.Bounds(16, 64, 2_000);

    private PendingReplies pending;
    private Messages messages;
    private StepTransaction transaction;
    private ReplyRoute replies;
    private SentSteps sentSteps;
    private Stopping stopping;
    private DiskRoom disk;
    private Clock clock;

    @Resource
    ManagedExecutorService executor;

    /** The rows of one user are written one after the other, because all of them need the book's lock. */
    TimedLanes parking;

    /** For the container's proxy. */
    protected SyncGateway() {}

    @Inject
    public SyncGateway(
            PendingReplies pending,
            Messages messages,
            StepTransaction transaction,
            ReplyRoute replies,
            SentSteps sentSteps,
            Stopping stopping,
            DiskRoom disk,
            Clock clock) {
        this.pending = pending;
        this.messages = messages;
        this.transaction = transaction;
        this.replies = replies;
        this.sentSteps = sentSteps;
        this.stopping = stopping;
        this.disk = disk;
        this.clock = clock;
    }

    /** Few threads: each may wait for the database. */
    @Resource(lookup = "concurrent/parking")
    void setParking(ManagedExecutorService threads) {
        parking = new TimedLanes(new OwnerLanes(threads, PARKING), PARK_WAIT);
    }

    /** The address of this instance's replies, for the one step of a request. */
    public ReplyTo replyTo(UUID request) {
        return replies.to(request);
    }

    /**
     * Creates the owner's book if it does not exist, so that it can be read.
     *
     * @throws ProblemException {@code unavailable} while the disk has no space for another one
     */
    public void ensureBook(Owner owner) {
        if (disk.low()) {
            throw new ProblemException(DiskRoom.problem());
        }
        transaction.ensureBook(owner);
    }

    /**
     * Runs an incremental sync; the stage completes with its outcome, 202, or a problem, never exceptionally.
     *
     * @param share of the budget that the request holds; released at the latest when the stage completes
     */
    public CompletionStage<Outcome> apply(ApplyChanges step, Wait wait, Share share) {
        CompletionStage<Outcome> outcome;
        try {
            outcome = submit(step, wait, share);
        } catch (ProblemException e) {
            outcome = CompletableFuture.completedFuture(new Refused(e.problem()));
        }
        return outcome.whenComplete((done, failure) -> share.release());
    }

    private CompletionStage<Outcome> submit(ApplyChanges step, Wait wait, Share share) {
        if (wait instanceof Wait.NotAtAll) {
            // Threads that park do not write responses.
            return accepted(step).thenApplyAsync(outcome -> outcome, executor);
        }
        boolean untilDone = wait instanceof Wait.UntilDone;
        Duration most = wait instanceof Wait.UntilDone until ? until.most() : ((Wait.Briefly) wait).most();
        Runnable forget = sentSteps.forgetting(step);
        WaitingRequest<ApplyChanges> request = WaitingRequest.start(
                pending, step.owner(), step.head().replyTo().correlation(), untilDone, step, () -> {
                    forget.run();
                    share.release();
                });
        Owner owner = step.owner(); // Kept until the wait expires, without the step.
        return sendAndWait(step, request.outcome(), most, sent -> {
            sentSteps.add(step, request);
            return sent.exceptionallyComposeAsync(timeout -> parkedLate(owner, request), executor);
        });
    }

    /** Parks a request whose wait has expired, unless its outcome arrives meanwhile. */
    private CompletableFuture<Outcome> parkedLate(Owner owner, WaitingRequest<ApplyChanges> request) {
        CompletableFuture<Outcome> late = parking.run(owner, () -> request.outOfTime(this::park));
        request.outcome().thenAccept(late::complete);
        return late.handleAsync(
                (outcome, failure) -> {
                    Outcome result = failure == null ? outcome : unknown();
                    request.end(result);
                    return result;
                },
                executor);
    }

    /** Runs a step of an upload; safe to repeat when the outcome is 503. */
    public CompletionStage<Outcome> run(Step step, Share share) {
        return run(step).whenComplete((outcome, failure) -> share.release());
    }

    /** Runs a step without content; safe to repeat when the outcome is 503. */
    public CompletionStage<Outcome> run(Step step) {
        CompletableFuture<Outcome> outcome;
        try {
            outcome = pending.add(step.owner(), step.head().replyTo().correlation(), true, () -> {})
                    .outcome();
        } catch (ProblemException e) {
            return CompletableFuture.completedFuture(new Refused(e.problem()));
        }
        return sendAndWait(
                step,
                outcome,
                STEP_WAIT,
                sent -> sent.exceptionallyAsync(
                        timeout -> {
                            outcome.complete(unknown());
                            return outcome.join();
                        },
                        executor));
    }

    /**
     * Sends the step of a request that waits. A step that cannot be sent is refused at once; {@code late} handles a wait that expires.
     */
    private CompletionStage<Outcome> sendAndWait(
            Step step,
            CompletableFuture<Outcome> outcome,
            Duration most,
            UnaryOperator<CompletableFuture<Outcome>> late) {
        if (!send(step)) {
            outcome.complete(notSent());
            return outcome;
        }
        return late.apply(outcome.copy().orTimeout(most.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * Parks the task and sends a message for it; the request is answered within the limit, even if the row takes longer. Work that has not
     * begun by then stays in its user's lane, without the step.
     */
    private CompletableFuture<Outcome> accepted(ApplyChanges step) {
        Owner owner = step.owner();
        AtomicReference<Outcome> known = new AtomicReference<>(unknown());
        AtomicReference<@Nullable ApplyChanges> kept = new AtomicReference<>(step);
        pending.takePlace(owner);
        return parking.run(owner, () -> {
                    ApplyChanges begun = kept.get();
                    return begun == null ? unknown() : parkAndSend(begun, known::set);
                })
                .exceptionally(failure -> known.get())
                .whenComplete((answer, failure) -> {
                    kept.set(null);
                    pending.releasePlace(owner);
                });
    }

    private Outcome parkAndSend(ApplyChanges step, Consumer<Outcome> committed) {
        Outcome parked = park(step);
        committed.accept(parked);
        if (parked instanceof Outcome.Accepted) {
            // Not waited for: the 202 is already true. If it is not sent, the sweeper sends another one. The step
            // itself is in the database: the broker's space is for waiting requests.
            Step wake = Sweeper.wake(step.owner(), step.head().device(), clock.instant());
            try {
                executor.execute(() -> send(wake));
            } catch (RejectedExecutionException e) {
                // Left to the sweeper.
            }
        }
        return parked;
    }

    private Outcome park(ApplyChanges step) {
        try {
            ReplyTo own = step.head().replyTo();
            Optional<Outcome> outcome = Optional.empty();
            for (Reply reply : transaction.parkFromRequest(step).replies()) {
                if (reply.to().equals(own)) {
                    outcome = Optional.of(reply.outcome());
                } else {
                    replies.deliver(reply);
                }
            }
            return outcome.orElseThrow();
        } catch (RuntimeException e) {
            LOG.warning("task not parked", context(step), e);
            return new Refused(TransientFailure.problem(e, RETRY));
        }
    }

    private boolean send(Step step) {
        if (stopping.now()) {
            // Checked after the request started to wait: from then on nobody else would answer it.
            return false;
        }
        try {
            messages.send(step, clock.millis());
            return true;
        } catch (RuntimeException e) {
            LOG.warning("step not sent", context(step), e);
            return false;
        }
    }

    private static String context(Step step) {
        return "task=" + step.task() + " owner=" + step.owner().key() + " request="
                + step.head().replyTo().correlation();
    }

    private static Outcome unknown() {
        return new Refused(new Problem.Unavailable(UnavailableReason.OUTCOME_UNKNOWN, RETRY));
    }

    private Outcome notSent() {
        return new Refused(
                stopping.now() ? Stopping.problem() : new Problem.Unavailable(UnavailableReason.QUEUE_AWAY, RETRY));
    }
}
