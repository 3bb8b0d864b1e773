package org.contactsync.settings;

import java.time.Duration;

/**
 * How fast all books are scrubbed.
 *
 * @param contactsPerMinute {@code SCRUB_RATE}; 0: they are not
 * @param period {@code SCRUB_PERIOD}: from the start of one round to that of the next
 */
public record ScrubPace(int contactsPerMinute, Duration period) {
    public ScrubPace {
        if (contactsPerMinute < 0 || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("contactsPerMinute: at least 0; period: longer than 0");
        }
    }
}
