package org.contactsync.sync;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.InMemoryRows.ChunkNumber;
import org.contactsync.sync.InMemoryRows.Garbage;
import org.contactsync.sync.InMemoryRows.Generation;

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
    public void addChunk(TaskId task, int number, Chunk chunk) {
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
    public void discard(TaskId task) {
        store.writing().garbage.add(new Garbage(Optional.of(task), Optional.empty()));
    }

    @Override
    public void discard(long book, long generation) {
        store.writing().garbage.add(new Garbage(Optional.empty(), Optional.of(new Generation(book, generation))));
    }
}
