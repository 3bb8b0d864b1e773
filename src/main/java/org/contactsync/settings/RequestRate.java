package org.contactsync.settings;

import java.time.Duration;

/**
 * How many requests one user may send to one instance.
 *
 * @param perSecond {@code RATE_PER_SECOND}: the long-term rate
 * @param burst {@code RATE_BURST}: at once, after a pause
 */
public record RequestRate(int perSecond, int burst) {
    public RequestRate {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException("perSecond and burst: at least 1");
        }
    }

    /** The time after which an empty bucket is full again. */
    public Duration window() {
        return Duration.ofSeconds((burst + perSecond - 1L) / perSecond);
    }
}
