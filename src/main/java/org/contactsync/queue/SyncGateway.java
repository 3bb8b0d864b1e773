package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.contactsync.bounds.OwnerLanes;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.UnavailableReason;
import org.contactsync.protocol.json.Answers;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.message.PendingReplies.Pending;
import org.contactsync.queue.message.ReplyRoute;
import org.contactsync.queue.message.Stopping;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.queue.upkeep.Sweeper;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.queue.work.TransientFailure;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.Replies.Reply;

/** Submits steps to the queue and completes when the answer arrives; no thread blocks meanwhile. Thread-safe. */
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

    /** In characters of at most four bytes; the server's buffer has 32 KiB. */
    private static final int SMALL = 4 * 1024;

    private PendingReplies pending;
    private Messages messages;
    private StepTransaction transaction;
    private ReplyRoute replies;
    private Stopping stopping;
    private DiskRoom disk;
    private Clock clock;

    @Resource
    private ManagedExecutorService executor;

    /** The rows of one user are written one after the other, because all of them need the book's lock. */
    private OwnerLanes parking;

    /** For the container's proxy. */
    protected SyncGateway() {}

    @Inject
    public SyncGateway(
            PendingReplies pending,
            Messages messages,
            StepTransaction transaction,
            ReplyRoute replies,
            Stopping stopping,
            DiskRoom disk,
            Clock clock) {
        this.pending = pending;
        this.messages = messages;
        this.transaction = transaction;
        this.replies = replies;
        this.stopping = stopping;
        this.disk = disk;
        this.clock = clock;
    }

    /** Few threads: each may wait for the database. */
    @Resource(lookup = "concurrent/parking")
    void setParking(ManagedExecutorService threads) {
        parking = new OwnerLanes(threads, PARKING);
    }

    /** How a request waits for the outcome of an incremental sync. */
    public sealed interface Wait {
        /** For the outcome, up to a limit; a task that has to wait for its turn is answered 202 at once. */
        record Briefly(Duration most) implements Wait {}

        /** For the outcome, up to a limit, including the wait for its turn. */
        record UntilDone(Duration most) implements Wait {}

        /** Not at all. */
        record NotAtAll() implements Wait {}
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
     * Runs an incremental sync; the stage completes with its answer, 202, or a problem, never exceptionally.
     *
     * @param share of the budget that the request holds; released at the latest when the stage completes
     */
    public CompletionStage<Answer> apply(ApplyChanges step, Wait wait, Share share) {
        CompletionStage<Answer> answer;
        try {
            answer = submit(step, wait, share);
        } catch (ProblemException e) {
            answer = CompletableFuture.completedFuture(Answers.refused(e.problem()));
        }
        return answer.whenComplete((done, failure) -> share.release());
    }

    private CompletionStage<Answer> submit(ApplyChanges step, Wait wait, Share share) {
        if (wait instanceof Wait.NotAtAll) {
            return accepted(step).thenApplyAsync(Answers::of, executor);
        }
        boolean untilDone = wait instanceof Wait.UntilDone;
        Duration most = wait instanceof Wait.UntilDone until ? until.most() : ((Wait.Briefly) wait).most();
        AtomicReference<Optional<ApplyChanges>> kept = new AtomicReference<>(Optional.of(step));
        Pending request = pending.add(step.owner(), step.head().replyTo().correlation(), untilDone, () -> {
            kept.set(Optional.empty());
            share.release();
        });
        CompletableFuture<Outcome> outcome = request.outcome();
        if (!send(step)) {
            outcome.complete(notSent());
            return outcome.thenApply(Answers::of);
        }
        return answer(outcome.copy()
                .orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyComposeAsync(timeout -> parkedLate(step.owner(), request, kept), executor));
    }

    /** Parks a request whose wait has expired, unless its outcome arrives meanwhile. */
    private CompletableFuture<Outcome> parkedLate(
            Owner owner, Pending request, AtomicReference<Optional<ApplyChanges>> kept) {
        CompletableFuture<Outcome> late = inTime(owner, () -> outOfTime(request, kept, this::park));
        request.outcome().thenAccept(late::complete);
        return late.handleAsync(
                (outcome, failure) -> {
                    kept.set(Optional.empty());
                    Outcome result = failure == null ? outcome : unknown();
                    request.outcome().complete(result);
                    return result;
                },
                executor);
    }

    /** Fails if {@code park} takes too long; it is no longer started then. */
    private CompletableFuture<Outcome> inTime(Owner owner, Supplier<Outcome> park) {
        try {
            return CompletableFuture.supplyAsync(park, work -> runParking(owner, work))
                    .orTimeout(PARK_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void runParking(Owner owner, Runnable work) {
        if (!parking.submit(owner, work)) {
            throw new RejectedExecutionException("too many rows of requests are to be written");
        }
    }

    /** Runs a step of an upload; safe to repeat when the answer is 503. */
    public CompletionStage<Answer> run(Step step, Share share) {
        return run(step).whenComplete((answer, failure) -> share.release());
    }

    /** Runs a step without content; safe to repeat when the answer is 503. */
    public CompletionStage<Answer> run(Step step) {
        Pending request;
        try {
            request = pending.add(step.owner(), step.head().replyTo().correlation(), true, () -> {});
        } catch (ProblemException e) {
            return CompletableFuture.completedFuture(Answers.refused(e.problem()));
        }
        CompletableFuture<Outcome> outcome = request.outcome();
        if (!send(step)) {
            outcome.complete(notSent());
        }
        return answer(outcome.copy()
                .orTimeout(STEP_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyAsync(
                        timeout -> {
                            outcome.complete(unknown());
                            return outcome.join();
                        },
                        executor));
    }

    /**
     * The thread that brings a small answer also builds the response, which the server buffers and sends from its own
     * thread. Another thread writes answers that do not fit into the buffer, so that a client that reads slowly delays
     * nobody.
     */
    private CompletionStage<Answer> answer(CompletableFuture<Outcome> outcome) {
        return outcome.thenCompose(each -> {
            Answer answer = Answers.of(each);
            return answer.body().length() <= SMALL
                    ? CompletableFuture.completedFuture(answer)
                    : CompletableFuture.supplyAsync(() -> answer, executor);
        });
    }

    /**
     * The answer to a request whose wait has expired. The step is released only after the 202 is there. It must be read
     * before the 202 is checked; otherwise both could be missed.
     */
    public static <S> Outcome outOfTime(Pending request, AtomicReference<Optional<S>> kept, Function<S, Outcome> park) {
        Optional<S> step = Objects.requireNonNull(kept.get());
        return request.parked().orElseGet(() -> step.map(park).orElseGet(SyncGateway::busy));
    }

    /**
     * Parks the task and sends a message for it; the request is answered within the limit, even if the row takes longer.
     */
    private CompletableFuture<Outcome> accepted(ApplyChanges step) {
        AtomicReference<Outcome> known = new AtomicReference<>(unknown());
        pending.takePlace(step.owner());
        return inTime(step.owner(), () -> parkAndSend(step, known::set))
                .exceptionally(failure -> known.get())
                .whenComplete((answer, failure) -> pending.releasePlace(step.owner()));
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

    private static Outcome busy() {
        return new Refused(new Problem.Unavailable(UnavailableReason.TOO_MANY_WAITS, RETRY));
    }

    private static Outcome unknown() {
        return new Refused(new Problem.Unavailable(UnavailableReason.OUTCOME_UNKNOWN, RETRY));
    }

    private Outcome notSent() {
        if (stopping.now()) {
            return new Refused(Stopping.problem());
        }
        return new Refused(new Problem.Unavailable(UnavailableReason.QUEUE_AWAY, RETRY));
    }
}
