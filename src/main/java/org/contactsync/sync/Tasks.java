package org.contactsync.sync;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;

/** The rows of tasks. Writing needs a running transaction that holds the book's lock. */
public interface Tasks {
    Optional<SyncTask> find(TaskId id);

    /** The task, when it is that owner's. */
    Optional<SyncTask> find(Owner owner, TaskId id);

    /** Adds a task that has finished, or an upload. */
    void insert(SyncTask task);

    /**
     * Adds a task that waits, behind all that wait already.
     *
     * @param payload the step, to be run when its turn has come
     * @param nextAttempt the sweeper leaves it alone until then; it runs before when its turn comes
     */
    void insertWaiting(SyncTask task, byte[] payload, Instant nextAttempt);

    /** Writes the task's row anew; a finished one gives up its payload. */
    void update(SyncTask task);

    /** Counts a failed attempt and puts the next one off: until then the task is not run. */
    void retryLater(SyncTask task, Instant nextAttempt);

    /** Unfinished tasks of a book that are not uploads, in the order they were added. */
    List<SyncTask> waiting(long book);

    /** Open uploads of a book, in the order they were accepted. */
    List<SyncTask> uploads(long book);

    /** The payload of a waiting task and when it may be attempted. */
    Optional<Waiting> payload(TaskId id);

    /** The book's sequence number when it had that code, if a task that led to it is still remembered: the latest. */
    Optional<Long> seqOf(long book, CheckCode code);

    /** A waiting task's step. */
    record Waiting(byte[] payload, Instant nextAttempt) {}
}
