package org.contactsync.sync.event;

import java.util.List;

/** The port that takes events. Thread-safe. */
public interface Announcements {
    /**
     * Takes events of the caller's transaction. They are passed on after the commit, and never after a rollback. Does not throw or
     * wait.
     */
    void announce(List<BookEvent> events);
}
