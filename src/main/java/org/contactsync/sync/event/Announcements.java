package org.contactsync.sync.event;

import java.util.List;

/** Where events go. Thread-safe. */
public interface Announcements {
    /**
     * Takes events of the caller's transaction: they are told when it has committed, and never when it has not. Does not throw,
     * and does not wait for anybody.
     */
    void announce(List<BookEvent> events);
}
