package org.contactsync.sync.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.step.Step.ApplyChanges;

/** Stores the rows of tasks. Writing needs a running transaction that holds the book's lock. */
public interface Tasks {
    Optional<SyncTask> find(TaskId id);

    /** The task, if it belongs to that owner. */
    Optional<SyncTask> find(Owner owner, TaskId id);

    /** Inserts a finished task, or an upload. */
    void insert(SyncTask task);

    /**
     * Inserts a waiting task, behind all waiting tasks.
     *
     * @param payload the step, to be run when its turn comes
     * @param terms of the step
     * @param nextAttempt the sweeper leaves it alone until then; it runs earlier if its turn comes
     */
    void insertWaiting(SyncTask task, byte[] payload, Terms terms, Instant nextAttempt);

    /** Updates the task's row; the payload of a finished task is deleted. */
    void update(SyncTask task);

    /** Counts a failed attempt and postpones the next one: the task does not run before it. */
    void retryLater(SyncTask task, Instant nextAttempt);

    /**
     * Marks a waiting task as failed. It no longer waits, but its payload is kept for {@link #takeUp}.
     *
     * @param mostBytes limit of the payloads kept for one book: if they exceed it, the oldest are deleted
     */
    void giveUp(SyncTask task, Instant at, long mostBytes);

    /**
     * Makes a given-up task wait again, behind all waiting tasks.
     *
     * @return whether its payload was still there; otherwise nothing was written
     */
    boolean takeUp(SyncTask task, Instant nextAttempt);

    /** Deletes the payload of a given-up task; returns whether there was one. */
    boolean drop(TaskId id);

    /**
     * Tasks that were given up and not dropped, in the order in which they were given up.
     *
     * @param owner only tasks of this owner, by {@link Owner#key()}
     * @param notAfter only those given up until then
     * @param after continues after that place
     */
    List<GivenUp> givenUp(Optional<String> owner, Optional<Instant> notAfter, long after, int most);

    /** The owner of the task. */
    Optional<Owner> ownerOf(TaskId id);

    /**
     * A task that was given up.
     *
     * @param place for paging
     * @param owner {@link Owner#key()}
     */
    record GivenUp(long place, String owner, Instant at, SyncTask task) {}

    /** Unfinished tasks of a book that are not uploads, in the order in which they were inserted. */
    List<SyncTask> waiting(long book);

    /** Open uploads of a book, in the order they were accepted. */
    List<SyncTask> uploads(long book);

    /** A book's waiting tasks without their payloads, in no order. */
    List<Parked> parked(long book);

    /** The payload of a waiting task and when it may be attempted. The transaction does not keep it in memory. */
    Optional<Waiting> payload(TaskId id);

    /** The latest sequence numbers at which the book had these codes; without those to which no stored task led. */
    Map<CheckCode, Long> seqsOf(long book, Collection<CheckCode> codes);

    /** A waiting task's step. */
    record Waiting(byte[] payload, Instant nextAttempt) {}

    /**
     * A waiting task's step without its content.
     *
     * @param bytes of its payload
     * @param terms empty if an earlier version parked it: they are in the payload
     */
    record Parked(TaskId task, long bytes, Instant nextAttempt, Optional<Terms> terms) {}

    /**
     * The terms that decide whether a newer task replaces a waiting one.
     *
     * @param refuses whether it accepts only the book it was made from, and a newer one may contain it
     * @param requestedAt when its request arrived, by the clock of its instance; in whole microseconds
     */
    record Terms(boolean refuses, Instant requestedAt) {
        public Terms {
            requestedAt = requestedAt.truncatedTo(ChronoUnit.MICROS);
        }

        public static Terms of(ApplyChanges step) {
            boolean replaceable = step.sync().onMismatch() == OnMismatch.REFUSE
                    && !step.digest().isOfRestore();
            return new Terms(replaceable, step.head().acceptedAt());
        }
    }
}
