package org.contactsync.sync;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.InMemoryRows.ChunkNumber;
import org.contactsync.sync.InMemoryRows.Garbage;
import org.contactsync.sync.InMemoryRows.Generation;
import org.contactsync.sync.upload.Staging;

/** Uploads under way, in memory. */
final class InMemoryStaging implements Staging {
    private final InMemoryStore store;

    InMemoryStaging(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Optional<Chunk> chunk(TaskId task, int number) {
        return Optional.ofNullable(store.rows().chunks.get(new ChunkNumber(task, number)));
    }

    @Override
    public void addChunk(TaskId task, int number, Chunk chunk, Bytes bytes) {
        store.writing().chunkBytes.put(new ChunkNumber(task, number), bytes);
        if (store.writing().chunks.putIfAbsent(new ChunkNumber(task, number), chunk) != null) {
            throw new IllegalStateException("chunk that exists: task=" + task + " number=" + number);
        }
    }

    @Override
    public void addChanges(TaskId task, Collection<Change> changes) {
        for (Change change : changes) {
            if (store.writing().changes(task).putIfAbsent(change.uid(), change) != null) {
                throw new IllegalStateException("change that exists: task=" + task);
            }
        }
    }

    @Override
    public Set<Uid> staged(TaskId task, Collection<Uid> uids) {
        Set<Uid> staged = new HashSet<>(uids);
        staged.retainAll(store.writing().changes(task).keySet());
        return staged;
    }

    @Override
    public List<Change> changes(TaskId task, Optional<Uid> after, int most) {
        return store.writing().changes(task).values().stream()
                .filter(change ->
                        after.map(uid -> change.uid().compareTo(uid) > 0).orElse(true))
                .limit(most)
                .toList();
    }

    @Override
    public Sum sum(TaskId task) {
        List<Bytes> all = store.writing().chunkBytes.entrySet().stream()
                .filter(row -> row.getKey().task().equals(task))
                .map(Map.Entry::getValue)
                .toList();
        return new Sum(
                all.stream().mapToLong(Bytes::staged).sum(),
                all.stream().mapToLong(Bytes::growth).sum(),
                0);
    }

    @Override
    public long discarded(long book) {
        return store.writing().garbage.stream()
                .filter(garbage -> garbage.book() == book)
                .mapToLong(Garbage::bytes)
                .sum();
    }

    @Override
    public void markForRemoval(long book, TaskId task, long bytes) {
        store.writing().garbage.add(new Garbage(Optional.of(task), Optional.empty(), book, bytes));
    }

    @Override
    public void markForRemoval(long book, long generation, long bytes) {
        store.writing()
                .garbage
                .add(new Garbage(Optional.empty(), Optional.of(new Generation(book, generation)), book, bytes));
    }
}
