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
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.json.Answers;
import org.contactsync.queue.PendingReplies.Pending;
import org.contactsync.queue.WorkBudget.Share;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.ReplyTo;
import org.contactsync.sync.Step;
import org.contactsync.sync.Step.ApplyChanges;

/**
 * Where a request hands its step over and gets its answer from. No thread waits meanwhile. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class SyncGateway {
    private static final FailureLog LOG = FailureLog.of(SyncGateway.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Steps of an upload are never parked: after this time their request is told to ask again, which is safe. */
    private static final Duration STEP_WAIT = Duration.ofSeconds(30);

    /** Longer than a book's lock may be waited for. */
    private static final Duration PARK_WAIT = Duration.ofSeconds(12);

    /**
     * Threads as {@code concurrent/parking} has; one user's pieces, twice as many as its requests that may wait, since one that was
     * not begun in time stays in line; users, as many as requests may wait.
     */
    private static final OwnerLanes.Bounds PARKING = new OwnerLanes.Bounds(16, 64, 2_000);

    /** Characters; the server's buffer has 32 KiB, four bytes a character at most. */
    private static final int SMALL = 4 * 1024;

    private PendingReplies pending;
    private Messages messages;
    private StepTransaction transaction;
    private ReplyRoute replies;
    private Stopping stopping;
    private Clock clock;

    @Resource
    private ManagedExecutorService executor;

    /** One user's rows are written one after the other: each waits for the book. */
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
            Clock clock) {
        this.pending = pending;
        this.messages = messages;
        this.transaction = transaction;
        this.replies = replies;
        this.stopping = stopping;
        this.clock = clock;
    }

    /** Few threads: each may wait for the database. */
    @Resource(lookup = "concurrent/parking")
    void setParking(ManagedExecutorService threads) {
        parking = new OwnerLanes(threads, PARKING);
    }

    /** How a request waits for the outcome of an incremental sync. */
    public sealed interface Wait {
        /** For the outcome, at most so long; a task that has to wait its turn is answered 202 at once. */
        record Briefly(Duration most) implements Wait {}

        /** For the outcome, at most so long, its turn included. */
        record UntilDone(Duration most) implements Wait {}

        /** Not at all. */
        record NotAtAll() implements Wait {}
    }

    /** Where this instance's replies come to, for the one step of a request. */
    public ReplyTo replyTo(UUID request) {
        return replies.to(request);
    }

    /** Makes the owner's book when it is not there, so that it can be read. */
    public void ensureBook(Owner owner) {
        transaction.ensureBook(owner);
    }

    /**
     * Runs an incremental sync; the stage completes with its answer, 202, or a problem, never exceptionally.
     *
     * @param share of the budget that the request holds; given back at the latest when the stage completes
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

    /** Parks a request whose wait has run out, unless its outcome comes meanwhile. */
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

    /** Fails when {@code park} takes too long; it is not begun any more then. */
    private CompletableFuture<Outcome> inTime(Owner owner, Supplier<Outcome> park) {
        try {
            return CompletableFuture.supplyAsync(park, work -> runParking(owner, work))
                    .orTimeout(PARK_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void runParking(Owner owner, Runnable work) {
        if (!parking.run(owner, work)) {
            throw new RejectedExecutionException("too many rows of requests are to be written");
        }
    }

    /** Runs a step of an upload; safe to repeat when the answer is 503. */
    public CompletionStage<Answer> run(Step step, Share share) {
        return run(step).whenComplete((answer, failure) -> share.release());
    }

    /** Runs a step that carries next to nothing; safe to repeat when the answer is 503. */
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
     * The thread that brings a small answer makes the response of it, which the server keeps in a buffer and sends with a thread of
     * its own. What does not fit in is written by another thread: a client that reads slowly holds up nobody.
     */
    private CompletionStage<Answer> answer(CompletableFuture<Outcome> outcome) {
        return outcome.thenApply(Answers::of)
                .thenCompose(each -> each.body().length() <= SMALL
                        ? CompletableFuture.completedFuture(each)
                        : CompletableFuture.supplyAsync(() -> each, executor));
    }

    /**
     * The answer to a request whose wait has run out. The step is given up only after the 202 is there: looked for in the
     * other order, both could be missed.
     */
    static <S> Outcome outOfTime(Pending request, AtomicReference<Optional<S>> kept, Function<S, Outcome> park) {
        Optional<S> step = Objects.requireNonNull(kept.get());
        return request.parked().orElseGet(() -> step.map(park).orElseGet(SyncGateway::busy));
    }

    /** What is known of it is answered in time, wherever it stands. */
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
            // Not waited for: the 202 is true already. When it does not go out, the sweeper sends another. The step
            // itself
            // is in the database: the broker's room is for requests that wait.
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
            return new Refused(Problem.Unavailable.databaseLate(RETRY));
        }
    }

    private boolean send(Step step) {
        if (stopping.now()) {
            // Asked after the request began to wait: from then on nobody else would answer it.
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
        return new Refused(new Problem.Unavailable("too many requests are waiting", RETRY));
    }

    private static Outcome unknown() {
        return new Refused(new Problem.Unavailable("the outcome is not known yet; repeat the request", RETRY));
    }

    private Outcome notSent() {
        if (stopping.now()) {
            return new Refused(Stopping.problem());
        }
        return new Refused(Problem.Unavailable.queueAway(RETRY));
    }
}
