package org.contactsync.protocol.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What one user may use so much of (protocol 6.3). */
public enum Quota {
    REQUESTS,
    WAITING_REQUESTS,
    CONCURRENT_READINGS,
    CONCURRENT_BODIES,
    BODY_BYTES,
    ANSWER_BYTES,
    STAGED_BYTES,
    EVENT_STREAMS,
    CONCURRENT_FILES;

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String wireName() {
        return wireName;
    }

    /** The quota of that name; empty for a name of another version. */
    public static Optional<Quota> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(quota -> quota.wireName.equals(name))
                .findFirst();
    }
}
