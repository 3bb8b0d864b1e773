package org.contactsync.queue.work;

import org.contactsync.sync.task.Replies;

/** Rolls back a transaction that was only a rehearsal, and says what its step came to. */
public final class RehearsedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Replies replies;

    RehearsedException(Replies replies) {
        super("rehearsed", null, false, false);
        this.replies = replies;
    }

    /** What the step would have been answered. */
    public Replies replies() {
        return replies;
    }
}
