package org.contactsync.webhook;

import java.time.Instant;
import java.util.Optional;

/**
 * An endpoint as its row says.
 *
 * @param id of the row
 * @param since changes of books that it has not been told of begin here
 * @param gone whether it has answered 410
 * @param failures attempts in a row that have failed because of the endpoint
 * @param resumeAt nothing is sent before
 * @param covered what changed before then has been delivered or given up, or waits; empty until all books have been looked at once
 * @param lastSuccess when an attempt succeeded last
 * @param lastFailure the last attempt that failed
 */
public record EndpointState(
        long id,
        String name,
        Instant since,
        boolean gone,
        int failures,
        Instant resumeAt,
        Optional<Instant> covered,
        Optional<Instant> lastSuccess,
        Optional<Failure> lastFailure) {
    /** When and why an attempt failed. */
    public record Failure(String error, Instant at) {}

    /**
     * What is left to do.
     *
     * @param waiting deliveries that have failed and are tried again; counted up to {@link Deliveries#MOST_WAITING}
     * @param dead deliveries that were given up; counted up to {@link Deliveries#MOST_DEAD}
     * @param oldest when the first change of those that wait was made
     * @param firstFailed when the first of those that wait failed first
     */
    public record Figures(long waiting, long dead, Optional<Instant> oldest, Optional<Instant> firstFailed) {
        /** The same with another number of those that wait. */
        public Figures with(long otherWaiting) {
            return new Figures(otherWaiting, dead, oldest, firstFailed);
        }
    }

    /** Everything older has been delivered or given up. */
    public Instant toldUntil(Figures figures) {
        Instant until = covered.orElse(since);
        return figures.oldest().filter(until::isAfter).orElse(until);
    }
}
