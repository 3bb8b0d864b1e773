package org.contactsync.faults;

import java.time.Duration;

/**
 * Something that goes wrong, for a while.
 *
 * @param hold how long it stays wrong
 * @param end puts it right again; what it means to be right may take longer
 */
record Fault(String name, Duration hold, Runnable begin, Runnable end) {
    Fault(String name, int seconds, Runnable begin, Runnable end) {
        this(name, Duration.ofSeconds(seconds), begin, end);
    }

    @Override
    public String toString() {
        return name + " (" + hold.toSeconds() + " s)";
    }
}
