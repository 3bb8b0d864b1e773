package org.contactsync.sync;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;

/**
 * A book as its row says, at one revision.
 *
 * @param id of the row
 * @param generation of the contacts that readers see
 * @param lastGeneration the highest number any upload took
 * @param cardBytes canonical bytes of all cards; empty when they have not been counted since an earlier version wrote the book
 * @param seq grows by one with each task that changed the book
 * @param changesFrom the feed knows all changes after this sequence number
 * @param openTasks tasks in the database that wait to be run
 * @param hold the upload that has the queue
 * @param revision grows by one with each write of the row: the fence against stale writers
 */
public record BookState(
        long id,
        Owner owner,
        CheckKey key,
        long generation,
        long lastGeneration,
        BookDigest digest,
        OptionalLong cardBytes,
        long seq,
        long changesFrom,
        int openTasks,
        Optional<Hold> hold,
        long revision) {
    /** An upload that has the queue until its lease ends. */
    public record Hold(TaskId task, Instant leaseUntil) {}

    public BookState {
        if (openTasks < 0) {
            throw new IllegalStateException("open tasks: " + openTasks);
        }
        if (digest.count() == 0) {
            cardBytes = OptionalLong.of(0);
        }
    }

    /**
     * The book after a task changed its contacts.
     *
     * @param growth bytes of the cards that came without those that went
     */
    BookState advanced(BookDigest digest, long growth) {
        OptionalLong bytes = cardBytes.isEmpty() ? cardBytes : OptionalLong.of(cardBytes.getAsLong() + growth);
        return with(generation, lastGeneration, digest, bytes, seq + 1, changesFrom, openTasks, hold);
    }

    /** The same book, counted. */
    BookState counted(long bytes) {
        return with(generation, lastGeneration, digest, OptionalLong.of(bytes), seq, changesFrom, openTasks, hold);
    }

    /**
     * The book after an upload took the place of what was there. What it deleted is not in the feed, nor are the tombstones
     * that were: the feed goes on only when it had nothing yet.
     */
    BookState switched(long newGeneration, BookDigest digest, OptionalLong bytes) {
        boolean nothingToForget = this.digest.count() == 0 && seq == changesFrom;
        long from = nothingToForget ? changesFrom : seq + 1;
        return with(newGeneration, lastGeneration, digest, bytes, seq + 1, from, openTasks, hold);
    }

    BookState withNewGeneration() {
        return with(generation, lastGeneration + 1, digest, cardBytes, seq, changesFrom, openTasks, hold);
    }

    BookState withHold(Hold newHold) {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, openTasks, Optional.of(newHold));
    }

    BookState released() {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, openTasks, Optional.empty());
    }

    BookState withOpenTasks(int tasks) {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, tasks, hold);
    }

    /** The book whose feed begins later: what was deleted up to there is not told any more. */
    BookState withChangesFrom(long from) {
        return with(generation, lastGeneration, digest, cardBytes, seq, from, openTasks, hold);
    }

    boolean heldBy(TaskId task) {
        return hold.isPresent() && hold.get().task().equals(task);
    }

    /** As it stands in its row after it was written. */
    public BookState saved() {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, openTasks, hold, revision + 1);
    }

    private BookState with(
            long generation,
            long lastGeneration,
            BookDigest digest,
            OptionalLong cardBytes,
            long seq,
            long changesFrom,
            int openTasks,
            Optional<Hold> hold) {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, openTasks, hold, revision);
    }

    private BookState with(
            long generation,
            long lastGeneration,
            BookDigest digest,
            OptionalLong cardBytes,
            long seq,
            long changesFrom,
            int openTasks,
            Optional<Hold> hold,
            long revision) {
        return new BookState(
                id,
                owner,
                key,
                generation,
                lastGeneration,
                digest,
                cardBytes,
                seq,
                changesFrom,
                openTasks,
                hold,
                revision);
    }
}
