package org.contactsync.webhook;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What an attempt to deliver came to. */
public sealed interface Result {
    /** The endpoint answered 2xx. */
    record Delivered() implements Result {}

    /** The endpoint answered 410: it wants nothing any more. */
    record Gone() implements Result {}

    /**
     * Anything else.
     *
     * @param error one of few words, for operators: {@code http_503}, {@code connect}, {@code timeout} …
     * @param status of the answer; 0 if there was none
     * @param retryAfter when the endpoint wants the next attempt, if it says so
     */
    record Failed(String error, int status, Optional<Duration> retryAfter) implements Result {
        /** Statuses that refuse this one message. */
        private static final Set<Integer> OF_MESSAGE = Set.of(400, 404, 406, 409, 413, 415, 422);

        private static final int REDIRECT = 3;
        private static final int CLASS = 100;

        /** The column of the database. */
        public static final int MOST_LETTERS = 32;

        public Failed {
            if (error.isEmpty() || error.length() > MOST_LETTERS) {
                throw new IllegalArgumentException("error: 1 to " + MOST_LETTERS + " characters");
            }
        }

        /** The endpoint has answered. */
        public static Failed answered(int status, Optional<Duration> retryAfter) {
            return new Failed(status / CLASS == REDIRECT ? "redirect" : "http_" + status, status, retryAfter);
        }

        /** There was no answer. */
        public static Failed unanswered(String error) {
            return new Failed(error, 0, Optional.empty());
        }

        /** Whether the endpoint itself may be in trouble, and not only this message refused. */
        public boolean isOfEndpoint() {
            return !OF_MESSAGE.contains(status);
        }
    }
}
