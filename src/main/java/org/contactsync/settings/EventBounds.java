package org.contactsync.settings;

import java.time.Duration;

/**
 * How many clients may listen to events of this instance, and how often each hears something.
 *
 * @param listeners {@code EVENT_LISTENERS}; 0 if nobody may
 * @param heartbeat {@code EVENT_HEARTBEAT}: the longest silence of a stream
 */
public record EventBounds(int listeners, Duration heartbeat) {
    public EventBounds {
        if (listeners < 0 || heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException("listeners: at least 0; heartbeat: longer than 0");
        }
    }
}
