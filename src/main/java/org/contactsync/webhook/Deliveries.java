package org.contactsync.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.protocol.problem.ProblemException;

/**
 * How far each endpoint has been told of each book, and what waits or is dead. All times are the database's. Writing methods need a
 * transaction. Thread-safe.
 */
public interface Deliveries {
    /** Deliveries of one endpoint that wait at once: for one more, the one that failed first is given up. */
    int MOST_WAITING = 1_000;

    /** Dead deliveries of one endpoint that are kept; the oldest go first. */
    int MOST_DEAD = 10_000;

    /** Up to so many changes of a book are told one by one; more are told as one. */
    int ONE_BY_ONE = 100;

    /**
     * What an instance knows of an endpoint.
     *
     * @param now the database's time
     * @param held whether it is the caller that delivers
     */
    record Claim(Instant now, boolean held, EndpointState endpoint, EndpointState.Figures figures) {}

    /**
     * Makes the caller the one who delivers to the endpoint for that long, unless another instance is. An endpoint that is not known is
     * told of changes from now on.
     *
     * @param holder no other process has this name
     * @param covered what the caller knows about it
     */
    Claim claim(String name, String holder, Duration lease, Optional<Instant> covered);

    /** Ends the caller's lease. */
    void release(String name, String holder);

    /**
     * Some books, in the order of their ids.
     *
     * @param books of which there is something to tell
     * @param last where the next part begins; empty at the end
     */
    record Part(List<Long> books, OptionalLong last) {}

    /** Looks at the next books after an id: at most {@code most} of them. */
    Part walk(EndpointState endpoint, long after, int most);

    /**
     * What is to be told next of a book; nothing while a delivery of it waits.
     *
     * @throws IllegalArgumentException if the rows of the book are damaged
     */
    Optional<Delivery> next(EndpointState endpoint, long book);

    /** The same for the book of a user. */
    Optional<Delivery> nextOf(EndpointState endpoint, String owner);

    /**
     * The delivery that waits for its attempt since longest.
     *
     * @param early also one whose time has not come
     * @throws DamagedDelivery if the rows of its book are damaged
     */
    Optional<Delivery> retry(EndpointState endpoint, boolean early);

    /** Has a delivery wait for some time, unless it does not wait any more: what an operator wants told again meanwhile is another one. */
    void postpone(EndpointState endpoint, DamagedDelivery damaged, Duration time);

    /**
     * Records a success.
     *
     * @return the endpoint; empty, and nothing is recorded, when the caller is not the one who delivers
     */
    Optional<EndpointState> succeed(EndpointState endpoint, String holder, Delivery delivery);

    /** What becomes of a delivery that has failed. */
    enum Fate {
        /** It is tried again. */
        WAITS,
        /** It is given up, and listed. */
        DEAD,
        /** It is as if it had not been tried: only the failure of the endpoint is recorded. */
        UNTRIED
    }

    /**
     * What is done after a failure.
     *
     * @param retry until the next attempt at the delivery, if it waits
     * @param pause until anything is sent
     * @param ofEndpoint whether it counts as a failure of the endpoint itself; otherwise it shows that the endpoint is there
     */
    record Verdict(String error, Fate fate, Duration retry, Duration pause, boolean ofEndpoint) {}

    /** Records a failure; as {@link #succeed}. */
    Optional<EndpointState> fail(EndpointState endpoint, String holder, Delivery delivery, Verdict verdict);

    /** Records that the endpoint wants nothing any more; as {@link #succeed}. */
    Optional<EndpointState> disable(EndpointState endpoint, String holder);

    /** Forgets dead deliveries that were tried last before then. */
    void forgetDead(EndpointState endpoint, Instant before);

    /** An endpoint as an operator sees it; empty while no instance has begun with it. */
    Optional<Claim> look(String name);

    /**
     * A delivery as an operator sees it.
     *
     * @param place where the next page begins
     * @param nextAttempt empty when it is dead
     */
    record Listed(
            String place,
            String owner,
            long fromSeq,
            long seq,
            int attempts,
            String error,
            Instant failedSince,
            Instant triedAt,
            Optional<Instant> nextAttempt) {}

    /**
     * Deliveries that wait, or are dead, in the order of their books.
     *
     * @param after the place of the last one of the page before; empty for the first page
     */
    List<Listed> list(EndpointState endpoint, Optional<String> after, int most);

    /**
     * Has a book told again from a change on, before anything else.
     *
     * @param owner the key that stands for its user
     * @return what is told first
     * @throws ProblemException {@code not-found} if there is no such book, {@code history-expired} if the change is not kept any more,
     *     {@code malformed-request} if it has not been made yet
     */
    Delivery replay(EndpointState endpoint, String owner, long fromSeq);

    /** Delivers again to an endpoint that was gone or paused. What waits is tried as long as if it had failed just now. */
    void enable(EndpointState endpoint);
}
