package org.contactsync.sync.upload;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.step.RequestDigest;

/** Stores the data of uploads that readers do not see yet. Every method needs a transaction that holds the book's lock. */
public interface Staging {
    /** An acknowledged chunk. */
    record Chunk(RequestDigest digest, Answer acknowledgement) {}

    Optional<Chunk> chunk(TaskId task, int number);

    void addChunk(TaskId task, int number, Chunk chunk, Bytes bytes);

    /**
     * The bytes that a chunk adds.
     *
     * @param staged the bytes it takes until it is removed
     * @param growth by how many bytes a commit increases the book's cards
     */
    record Bytes(long staged, long growth) {}

    /**
     * The bytes of all chunks of an upload.
     *
     * @param unknown chunks not included, because an earlier version received them
     */
    record Sum(long staged, long growth, int unknown) {}

    Sum sum(TaskId task);

    /** Bytes of a book that are marked for removal and not removed yet. */
    long discarded(long book);

    /** Stores changes of a {@code changes} upload until its commit. */
    void addChanges(TaskId task, Collection<Change> changes);

    /** Those of {@code uids} that an earlier chunk of a {@code changes} upload contained. */
    Set<Uid> staged(TaskId task, Collection<Uid> uids);

    /** The staged changes in the order of their uids, after the given one. */
    List<Change> changes(TaskId task, Optional<Uid> after, int most);

    /**
     * Marks a task's chunks and changes for removal in the background.
     *
     * @param bytes that count against the book until then
     */
    void markForRemoval(long book, TaskId task, long bytes);

    /** Marks a generation that nobody reads for removal in the background. */
    void markForRemoval(long book, long generation, long bytes);
}
