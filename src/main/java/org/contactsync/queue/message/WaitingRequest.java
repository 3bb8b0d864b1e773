package org.contactsync.queue.message;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.message.PendingReplies.Pending;

/**
 * A request that waits for the outcome of its step, and keeps the step until the task has its row or the outcome is known. Thread-safe.
 *
 * @param <S> what is kept of the step
 */
public final class WaitingRequest<S> {
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Pending pending;
    private final AtomicReference<Optional<S>> step;

    private WaitingRequest(Pending pending, AtomicReference<Optional<S>> step) {
        this.pending = pending;
        this.step = step;
    }

    /**
     * Starts to wait, as {@link PendingReplies#add} does.
     *
     * @param whenParked run when the task has its row
     */
    public static <S> WaitingRequest<S> start(
            PendingReplies replies, Owner owner, UUID correlation, boolean untilDone, S step, Runnable whenParked) {
        AtomicReference<Optional<S>> kept = new AtomicReference<>(Optional.of(step));
        Pending pending = replies.add(owner, correlation, untilDone, () -> {
            kept.set(Optional.empty());
            whenParked.run();
        });
        return new WaitingRequest<>(pending, kept);
    }

    public CompletableFuture<Outcome> outcome() {
        return pending.outcome();
    }

    /** Whether it still needs the step: the task has no row, and the outcome is not known. */
    boolean keepsStep() {
        return Objects.requireNonNull(step.get()).isPresent() && !outcome().isDone();
    }

    /**
     * The outcome when the wait has expired: the 202 if the task has its row, otherwise what {@code park} makes of the step. The step is
     * released only after the 202 is there. It must be read before the 202 is checked; otherwise both could be missed.
     */
    public Outcome outOfTime(Function<S, Outcome> park) {
        Optional<S> kept = Objects.requireNonNull(step.get());
        return pending.parked().orElseGet(() -> kept.map(park).orElseGet(WaitingRequest::busy));
    }

    /** Completes the request, unless it has been completed, and keeps the step no longer. */
    public void end(Outcome outcome) {
        step.set(Optional.empty());
        pending.outcome().complete(outcome);
    }

    private static Outcome busy() {
        return new Refused(new Problem.Unavailable(UnavailableReason.TOO_MANY_WAITS, RETRY));
    }
}
