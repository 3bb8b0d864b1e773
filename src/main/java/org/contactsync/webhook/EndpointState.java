package org.contactsync.webhook;

import java.time.Instant;
import java.util.Optional;

/**
 * An endpoint as its row says.
 *
 * @param id of the row
 * @param since changes of books that it has not been told of begin here
 * @param gone whether it has answered 410
 * @param failures attempts in a row that have failed
 * @param resumeAt nothing is sent before
 * @param covered what changed before then has been told, or waits, or is dead; empty until all books have been looked at once
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
     */
    public record Figures(long waiting, long dead, Optional<Instant> oldest) {}

    /** Everything older has been told or is dead. */
    public Instant toldUntil(Figures figures) {
        Instant until = covered.orElse(since);
        return figures.oldest().filter(until::isAfter).orElse(until);
    }
}
