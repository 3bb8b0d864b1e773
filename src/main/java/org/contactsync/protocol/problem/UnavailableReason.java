package org.contactsync.protocol.problem;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Why a request cannot be served now, although nothing is wrong with it. */
public enum UnavailableReason {
    /** It was asked and did not answer, or not in time. */
    DATABASE_LATE("database", "the database did not answer in time"),
    DATABASE_AWAY("database", "the database does not answer"),
    /** It reads and does not write. */
    DATABASE_FULL("disk", "the disk of the database is full"),
    DISK_NEARLY_FULL("disk", "the server's disk is nearly full"),
    /** The broker does not take the message. */
    QUEUE_AWAY("broker", "the queue does not take work now"),
    ISSUER_AWAY("issuer", "the token issuer's keys cannot be fetched now"),
    TOO_MANY_WAITS("waits", "too many requests are waiting"),
    TOO_MANY_READINGS("readings", "too many requests read the database"),
    TOO_MUCH_WORK("bodies", "too much work is under way"),
    TOO_MANY_BODIES("bodies", "too many bodies are on their way"),
    TOO_MANY_FORMS("forms", "too many forms are being received"),
    TOO_MANY_ANSWERS("answers", "too many large answers are being sent"),
    TOO_MANY_LISTENERS("events", "too many clients listen to events"),
    /** It is not the database; contacts do not need it. */
    PHOTO_STORE_AWAY("photos", "the store of photos does not answer; contacts are not affected"),
    BOOK_IN_USE("book", "the book is in use; repeat the request"),
    BOOK_CHANGES_TOO_FAST("book", "the book is being written faster than it can be read"),
    OUTCOME_UNKNOWN("outcome", "the outcome is not known yet; repeat the request"),
    UPDATING("updating", "the service is being updated; repeat the request with the same key"),
    STOPPING("stopping", "the service is stopping; repeat the request with the same key");

    private static final Map<String, UnavailableReason> BY_DETAIL =
            Arrays.stream(values()).collect(toUnmodifiableMap(UnavailableReason::detail, identity()));

    private final String word;
    private final String detail;

    UnavailableReason(String word, String detail) {
        this.word = word;
        this.detail = detail;
    }

    /** What is not available or full, in one word, for figures. */
    public String word() {
        return word;
    }

    /** The same for a person. */
    public String detail() {
        return detail;
    }

    /** The reason with that text; empty for a text of another version. */
    public static Optional<UnavailableReason> ofDetail(String detail) {
        return Optional.ofNullable(BY_DETAIL.get(detail));
    }
}
