package org.contactsync.protocol;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether somebody waits for a sync task. On the wire: lower case. */
public enum Priority {
    /** A person started it: it may go ahead of background tasks of the same device. */
    USER,
    /** Everything else. */
    BACKGROUND;

    /** The least urgent value that stands for a person: what says nothing has 3. */
    private static final int LEAST_URGENT_OF_A_USER = 2;

    private static final Pattern URGENCY = Pattern.compile("u=([0-7])[ \\t]*(?:;.*)?");

    /**
     * What a {@code Priority} header (RFC 9218) means here, e.g. {@code u=1, i}. As the RFC says: of several values of {@code u}
     * the last counts, and what is not known or not well formed is ignored.
     */
    public static Priority ofHeader(String header) {
        Priority priority = BACKGROUND;
        for (String member : header.split(",", -1)) {
            Matcher urgency = URGENCY.matcher(member.strip());
            if (urgency.matches()) {
                priority = Integer.parseInt(urgency.group(1)) <= LEAST_URGENT_OF_A_USER ? USER : BACKGROUND;
            }
        }
        return priority;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
