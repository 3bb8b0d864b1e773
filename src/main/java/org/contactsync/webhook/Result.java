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
     * @param retryAfter when the endpoint wants the next attempt, if it says so
     */
    record Failed(String error, Optional<Duration> retryAfter) implements Result {
        /** Answers that refuse this one message. */
        private static final Set<String> OF_MESSAGE =
                Set.of("http_400", "http_404", "http_406", "http_409", "http_413", "http_415", "http_422");

        /** The column of the database. */
        public static final int MOST_LETTERS = 32;

        public Failed {
            if (error.isEmpty() || error.length() > MOST_LETTERS) {
                throw new IllegalArgumentException("error: 1 to " + MOST_LETTERS + " characters");
            }
        }

        /** Whether the endpoint itself may be in trouble, and not only this message refused. */
        public boolean isOfEndpoint() {
            return !OF_MESSAGE.contains(error);
        }
    }
}
