package org.contactsync.sync;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.OnMismatch;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.Step.ApplyChanges;

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
     * @param terms of the step
     * @param nextAttempt the sweeper leaves it alone until then; it runs before when its turn comes
     */
    void insertWaiting(SyncTask task, byte[] payload, Terms terms, Instant nextAttempt);

    /** Writes the task's row anew; a finished one gives up its payload. */
    void update(SyncTask task);

    /** Counts a failed attempt and puts the next one off: until then the task is not run. */
    void retryLater(SyncTask task, Instant nextAttempt);

    /**
     * Writes a waiting task's row as failed. It waits no longer, but its payload is kept for {@link #takeUp}.
     *
     * @param mostBytes that the payloads kept of one book may have: when they have more, the oldest go
     */
    void giveUp(SyncTask task, Instant at, long mostBytes);

    /**
     * Makes a task that was given up wait again, behind all that wait already.
     *
     * @return whether its payload was still there; otherwise nothing was written
     */
    boolean takeUp(SyncTask task, Instant nextAttempt);

    /** Forgets the payload of a task that was given up; whether there was one. */
    boolean drop(TaskId id);

    /**
     * Tasks that were given up and not dropped, in the order they were given up.
     *
     * @param owner only that one's, by {@link Owner#key()}
     * @param notAfter only those given up until then
     * @param after goes on behind that place
     */
    List<GivenUp> givenUp(Optional<String> owner, Optional<Instant> notAfter, long after, int most);

    /** Whose task it is. */
    Optional<Owner> ownerOf(TaskId id);

    /**
     * A task that was given up.
     *
     * @param place for paging
     * @param owner {@link Owner#key()}
     */
    record GivenUp(long place, String owner, Instant at, SyncTask task) {}

    /** Unfinished tasks of a book that are not uploads, in the order they were added. */
    List<SyncTask> waiting(long book);

    /** Open uploads of a book, in the order they were accepted. */
    List<SyncTask> uploads(long book);

    /** What is to be known of a book's waiting tasks without their payloads, in no order. */
    List<Parked> parked(long book);

    /** The payload of a waiting task and when it may be attempted. Nothing of it is kept in the transaction. */
    Optional<Waiting> payload(TaskId id);

    /** The book's sequence number when it had that code, if a task that led to it is still remembered: the latest. */
    Optional<Long> seqOf(long book, CheckCode code);

    /** A waiting task's step. */
    record Waiting(byte[] payload, Instant nextAttempt) {}

    /**
     * A waiting task's step without its content.
     *
     * @param bytes of its payload
     * @param terms empty when an earlier version parked it: they are in the payload
     */
    record Parked(TaskId task, long bytes, Instant nextAttempt, Optional<Terms> terms) {}

    /**
     * What says whether a newer task takes the place of a waiting one.
     *
     * @param refuses whether it wants the book it was made from, and no other
     * @param requestedAt when its request came in, by the clock of its instance; in whole microseconds
     */
    record Terms(boolean refuses, Instant requestedAt) {
        public Terms {
            requestedAt = requestedAt.truncatedTo(ChronoUnit.MICROS);
        }

        static Terms of(ApplyChanges step) {
            return new Terms(
                    step.sync().onMismatch() == OnMismatch.REFUSE, step.head().acceptedAt());
        }
    }
}
