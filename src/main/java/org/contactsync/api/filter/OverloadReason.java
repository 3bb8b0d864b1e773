package org.contactsync.api.filter;

import java.util.Optional;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.jspecify.annotations.Nullable;

/**
 * Why a request got 429 or 503, in one word. It is derived from the text of the problem in the answer, because another
 * instance may have made the problem. Unknown problems are {@code other}: no text becomes a metric label.
 */
final class OverloadReason {
    static final String OTHER = "other";

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private OverloadReason() {}

    static Optional<String> of(int status, @Nullable Object problem) {
        String text = problem instanceof String body ? body : "";
        return switch (status) {
            case TOO_MANY ->
                Optional.of(Quota.ofWireName(member(text, "quota"))
                        .map(Quota::wireName)
                        .orElse(OTHER));
            case UNAVAILABLE ->
                Optional.of(UnavailableReason.ofDetail(member(text, "detail"))
                        .map(UnavailableReason::word)
                        .orElse(OTHER));
            default -> Optional.empty();
        };
    }

    /** A member of a text that this service has written. */
    private static String member(String json, String name) {
        String start = "\"" + name + "\":\"";
        int from = json.indexOf(start);
        int to = from < 0 ? -1 : json.indexOf('"', from + start.length());
        return to < 0 ? "" : json.substring(from + start.length(), to);
    }
}
