package org.contactsync.sync.book;

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
 * @param generation of the contacts visible to readers
 * @param lastGeneration the highest number any upload took
 * @param cardBytes canonical bytes of all cards; empty when they have not been counted since an earlier version wrote the book
 * @param seq grows by one with each task that changed the book
 * @param changesFrom the feed knows all changes after this sequence number
 * @param openTasks tasks in the database that wait to be run
 * @param hold the upload that has the hold
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
    /** An upload that has the hold until its lease expires. */
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
     * @param growth bytes of added cards minus those of removed cards
     */
    public BookState advanced(BookDigest digest, long growth) {
        return advanced(digest, OptionalLong.of(growth));
    }

    /** @param growth empty when it is not known: then the bytes are counted when they are wanted */
    public BookState advanced(BookDigest digest, OptionalLong growth) {
        OptionalLong bytes = cardBytes.isEmpty() || growth.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(cardBytes.getAsLong() + growth.getAsLong());
        return with(generation, lastGeneration, digest, bytes, seq + 1, changesFrom, openTasks, hold);
    }

    /** The same book, counted. */
    public BookState counted(long bytes) {
        return with(generation, lastGeneration, digest, OptionalLong.of(bytes), seq, changesFrom, openTasks, hold);
    }

    /**
     * The book after an upload replaced its contents. The feed contains neither the contacts that the upload deleted nor
     * earlier tombstones; it continues only if it was empty.
     */
    public BookState switched(long newGeneration, BookDigest digest, OptionalLong bytes) {
        boolean nothingToForget = this.digest.count() == 0 && seq == changesFrom;
        long from = nothingToForget ? changesFrom : seq + 1;
        return with(newGeneration, lastGeneration, digest, bytes, seq + 1, from, openTasks, hold);
    }

    public BookState withNewGeneration() {
        return with(generation, lastGeneration + 1, digest, cardBytes, seq, changesFrom, openTasks, hold);
    }

    public BookState withHold(Hold newHold) {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, openTasks, Optional.of(newHold));
    }

    public BookState released() {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, openTasks, Optional.empty());
    }

    public BookState withOpenTasks(int tasks) {
        return with(generation, lastGeneration, digest, cardBytes, seq, changesFrom, tasks, hold);
    }

    /** The book with a feed that starts later: deletions before that are no longer reported. */
    public BookState withChangesFrom(long from) {
        return with(generation, lastGeneration, digest, cardBytes, seq, from, openTasks, hold);
    }

    public boolean heldBy(TaskId task) {
        return hold.isPresent() && hold.get().task().equals(task);
    }

    /** The state as it is in its row after the write. */
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
