package org.contactsync.settings;

import java.time.Duration;

/**
 * How long an instance works through the path of a change before it is ready.
 *
 * @param most {@code WARM_UP}; zero: not at all
 */
public record RehearsalTime(Duration most) {
    public RehearsalTime {
        if (most.isNegative()) {
            throw new IllegalArgumentException("most: not negative");
        }
    }
}
