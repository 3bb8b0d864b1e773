package org.contactsync.queue.message;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.sync.task.Replies.Reply;

/** Keeps the requests of this instance that wait for an answer. Thread-safe. */
@ApplicationScoped
public class PendingReplies {
    /** {@link WorkBudget} limits their bodies; this limits everything else that a waiting request needs. */
    private static final int MOST = 2_000;

    /** More than a user has devices. */
    private static final int MOST_OF_USER = 32;

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final ConcurrentHashMap<UUID, Pending> pending = new ConcurrentHashMap<>();
    private final UserPlaces places;

    /** Places for the requests of an instance. */
    public PendingReplies() {
        this(new UserPlaces(MOST, MOST_OF_USER));
    }

    PendingReplies(UserPlaces places) {
        this.places = places;
    }

    /** A request that waits. */
    public static final class Pending {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final boolean untilDone;
        private final Runnable whenParked;
        private volatile Optional<Outcome> parked = Optional.empty();

        private Pending(boolean untilDone, Runnable whenParked) {
            this.untilDone = untilDone;
            this.whenParked = whenParked;
        }

        public CompletableFuture<Outcome> outcome() {
            return outcome;
        }

        /** The 202 that may be answered because the task has its row. */
        public Optional<Outcome> parked() {
            return parked;
        }
    }

    /**
     * Takes a place for a request of that user; the caller must release it.
     *
     * @throws ProblemException {@code quota-exceeded} if the user has as many waiting requests as allowed,
     *     {@code unavailable} if all users together have too many
     */
    public void takePlace(Owner owner) {
        Grant grant = places.take(owner);
        if (grant != Grant.GIVEN) {
            throw new ProblemException(
                    grant == Grant.USER_HAS_MOST
                            ? new Problem.QuotaExceeded(
                                    Quota.WAITING_REQUESTS,
                                    places.mostOfOne(),
                                    "too many requests of this user wait for their outcome",
                                    RETRY)
                            : new Problem.Unavailable(UnavailableReason.TOO_MANY_WAITS, RETRY));
        }
    }

    public void releasePlace(Owner owner) {
        places.release(owner);
    }

    /**
     * Starts to wait, in its own place.
     *
     * @param untilDone keep waiting after the task was parked: the client asked for it
     * @param whenParked called once the task has its row, so that its request need not be kept in memory
     * @throws ProblemException as {@link #takePlace} does
     */
    public Pending add(Owner owner, UUID correlation, boolean untilDone, Runnable whenParked) {
        takePlace(owner);
        Pending request = new Pending(untilDone, whenParked);
        pending.put(correlation, request);
        request.outcome.whenComplete((outcome, failure) -> {
            pending.remove(correlation);
            places.release(owner);
        });
        return request;
    }

    /**
     * Completes the request that waits for the reply.
     *
     * @return false if no such request waits in this instance (any more)
     */
    boolean complete(Reply reply) {
        Pending request = pending.get(reply.to().correlation());
        if (request == null) {
            return false;
        }
        if (reply.parked()) {
            request.parked = Optional.of(reply.outcome());
            request.whenParked.run();
            if (request.untilDone) {
                return true;
            }
        }
        request.outcome.complete(reply.outcome());
        return true;
    }

    /** Answers all waiting requests: with 202 if the task has its row, otherwise with {@code refusal}. */
    void endAll(Outcome refusal) {
        pending.values().forEach(request -> request.outcome.complete(request.parked.orElse(refusal)));
    }

    /** The number of waiting requests. */
    public int size() {
        return pending.size();
    }

    int freePlaces() {
        return places.free();
    }
}
