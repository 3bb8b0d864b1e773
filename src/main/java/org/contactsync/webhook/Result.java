package org.contactsync.webhook;

import java.time.Duration;
import java.util.Optional;

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
     * @param retryAfter when the endpoint wants the next attempt, if it says so
     */
    record Failed(String error, Optional<Duration> retryAfter) implements Result {
        /** The column of the database. */
        public static final int MOST_LETTERS = 32;

        public Failed {
            if (error.isEmpty() || error.length() > MOST_LETTERS) {
                throw new IllegalArgumentException("error: 1 to " + MOST_LETTERS + " characters");
            }
        }
    }
}
