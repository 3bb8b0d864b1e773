package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.queue.UserPlaces.Grant;
import org.contactsync.sync.Replies.Reply;

/** The requests of this instance that wait for an answer. Thread-safe. */
@ApplicationScoped
public class PendingReplies {
    /** Their bodies are bounded by {@link WorkBudget}; this bounds what else a waiting request takes. */
    private static final int MOST = 2_000;

    /** More than a user has devices. */
    private static final int MOST_OF_USER = 32;

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final ConcurrentHashMap<UUID, Pending> pending = new ConcurrentHashMap<>();
    private final UserPlaces places;

    /** Room for the requests of an instance. */
    public PendingReplies() {
        this(new UserPlaces(MOST, MOST_OF_USER));
    }

    PendingReplies(UserPlaces places) {
        this.places = places;
    }

    /** A request that waits. */
    static final class Pending {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final boolean untilDone;
        private final Runnable whenParked;
        private volatile Optional<Outcome> parked = Optional.empty();

        private Pending(boolean untilDone, Runnable whenParked) {
            this.untilDone = untilDone;
            this.whenParked = whenParked;
        }

        CompletableFuture<Outcome> outcome() {
            return outcome;
        }

        /** The 202 that can be given because the task has its row. */
        Optional<Outcome> parked() {
            return parked;
        }
    }

    /**
     * Takes a place for a request of that user, which whoever takes it gives back.
     *
     * @throws ProblemException {@code quota-exceeded} when as many of the user wait as may, {@code unavailable} when too many of all
     *     users do
     */
    void takePlace(Owner owner) {
        Grant grant = places.take(owner);
        if (grant != Grant.GIVEN) {
            throw new ProblemException(
                    grant == Grant.USER_HAS_MOST
                            ? new Problem.QuotaExceeded(
                                    "waiting-requests",
                                    places.mostOfOne(),
                                    "too many requests of this user wait for their outcome",
                                    RETRY)
                            : new Problem.Unavailable("too many requests are waiting", RETRY));
        }
    }

    void releasePlace(Owner owner) {
        places.release(owner);
    }

    /**
     * Begins to wait, in a place of its own.
     *
     * @param untilDone wait on when the task was parked: the client asked for it
     * @param whenParked run when the task has its row, so that its request need not be kept in memory
     * @throws ProblemException as {@link #takePlace} does
     */
    Pending add(Owner owner, UUID correlation, boolean untilDone, Runnable whenParked) {
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
     * @return false when none waits in this instance (any more)
     */
    boolean arrived(Reply reply) {
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

    /** Answers all that wait: with the 202 where the task has its row, otherwise with {@code refusal}. */
    void endAll(Outcome refusal) {
        pending.values().forEach(request -> request.outcome.complete(request.parked.orElse(refusal)));
    }

    /** How many requests wait. */
    public int size() {
        return pending.size();
    }

    int freePlaces() {
        return places.free();
    }
}
