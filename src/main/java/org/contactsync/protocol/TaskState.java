package org.contactsync.protocol;

import java.util.Locale;

/** Where a sync task stands. On the wire: lower case. */
public enum TaskState {
    /** An upload that holds, or awaits, its turn. */
    RECEIVING(false),
    /** Behind an upload or behind earlier tasks. */
    WAITING(false),
    /** Accepted, its message under way. */
    QUEUED(false),
    /** Being applied. */
    RUNNING(false),
    /** Applied; the result says how. */
    DONE(true),
    /** Refused or given up; the problem says why. Nothing of it was applied. */
    FAILED(true),
    /** Taken back by the client. */
    CANCELLED(true),
    /** A newer task of the same device, made from the same book, took its place. */
    SUPERSEDED(true),
    /** An upload that nobody continued in time. */
    EXPIRED(true);

    private final boolean finished;

    TaskState(boolean finished) {
        this.finished = finished;
    }

    public boolean finished() {
        return finished;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
