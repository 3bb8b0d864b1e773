package org.contactsync.api;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a request got 429 or 503, in one word, from the problem that it is answered with. The problem may have been made by another
 * instance. What is not known here is {@code other}: no text of a problem becomes the label of a figure.
 */
final class OverloadReason {
    static final String OTHER = "other";

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    /** By {@code detail}; {@code OverloadReasonTest} compares them with those in the code. */
    static final Map<String, String> OF_503 = Map.ofEntries(
            Map.entry("the database did not answer in time", "database"),
            Map.entry("the database does not answer", "database"),
            Map.entry("the queue does not take work now", "broker"),
            Map.entry("the token issuer's keys cannot be fetched now", "issuer"),
            Map.entry("too many requests are waiting", "waits"),
            Map.entry("too many requests read the database", "readings"),
            Map.entry("too much work is under way", "bodies"),
            Map.entry("too many bodies are on their way", "bodies"),
            Map.entry("too many forms are being received", "forms"),
            Map.entry("too many large answers are being sent", "answers"),
            Map.entry("the book is in use; repeat the request", "book"),
            Map.entry("the book is being written faster than it can be read", "book"),
            Map.entry("the outcome is not known yet; repeat the request", "outcome"),
            Map.entry("the service is stopping; repeat the request with the same key", "stopping"));

    private OverloadReason() {}

    static Optional<String> of(int status, @Nullable Object problem) {
        if (status != TOO_MANY && status != UNAVAILABLE) {
            return Optional.empty();
        }
        String text = problem instanceof String body ? body : "";
        return Optional.of(
                status == TOO_MANY ? quota(member(text, "quota")) : OF_503.getOrDefault(member(text, "detail"), OTHER));
    }

    /** The names of quotas are the service's own words. */
    private static String quota(String name) {
        return name.matches("[a-z][a-z-]{0,30}") ? name : OTHER;
    }

    /** A member of a text that this service has written. */
    private static String member(String json, String name) {
        String start = "\"" + name + "\":\"";
        int from = json.indexOf(start);
        int to = from < 0 ? -1 : json.indexOf('"', from + start.length());
        return to < 0 ? "" : json.substring(from + start.length(), to);
    }
}
