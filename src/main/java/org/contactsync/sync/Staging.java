package org.contactsync.sync;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.TaskId;

/** What an upload has brought and no reader sees yet. Every method needs a transaction that holds the book's lock. */
public interface Staging {
    /** A chunk that was acknowledged. */
    record Chunk(RequestDigest digest, Answer acknowledgement) {}

    Optional<Chunk> chunk(TaskId task, int number);

    void addChunk(TaskId task, int number, Chunk chunk, Bytes bytes);

    /**
     * What a chunk adds.
     *
     * @param staged what it takes until it is removed
     * @param growth by how much a commit lets the bytes of the book's cards grow
     */
    record Bytes(long staged, long growth) {}

    /**
     * What the chunks of an upload add together.
     *
     * @param unknown chunks that are not in it: an earlier version took them
     */
    record Sum(long staged, long growth, int unknown) {}

    Sum sum(TaskId task);

    /** What was discarded of a book and is not removed yet, in bytes. */
    long discarded(long book);

    /** Keeps changes of a {@code changes} upload until its commit. */
    void addChanges(TaskId task, Collection<Change> changes);

    /** Which of {@code uids} an earlier chunk of a {@code changes} upload had. */
    Set<Uid> staged(TaskId task, Collection<Uid> uids);

    /** The staged changes in the order of their uids, from after one on. */
    List<Change> changes(TaskId task, Optional<Uid> after, int most);

    /**
     * Names what the background removes in small steps: a task's chunks and changes.
     *
     * @param bytes that count for the book until then
     */
    void discard(long book, TaskId task, long bytes);

    /** Names what the background removes in small steps: a generation that nobody reads. */
    void discard(long book, long generation, long bytes);
}
