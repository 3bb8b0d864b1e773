package org.contactsync.sync;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.InMemoryRows.Garbage;
import org.contactsync.sync.InMemoryRows.WaitingStep;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.task.SyncTask;

/** What is done in the background, in memory. */
final class InMemoryHousekeeping implements Housekeeping {
    private final InMemoryStore store;

    InMemoryHousekeeping(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public List<Owner> due(Instant now, Instant again, int most) {
        InMemoryRows rows = store.writing();
        Set<Long> books = new LinkedHashSet<>();
        for (Map.Entry<TaskId, WaitingStep> row : rows.waiting.entrySet()) {
            WaitingStep step = row.getValue();
            if (!step.nextAttempt().isAfter(now) && !step.namedUntil().isAfter(now)) {
                books.add(step.book());
                row.setValue(new WaitingStep(
                        step.book(), step.place(), step.payload(), step.terms(), step.nextAttempt(), again));
            }
        }
        rows.tasks.values().stream()
                .filter(task ->
                        task.state() == TaskState.RECEIVING && !task.expiresAt().isAfter(now))
                .forEach(task -> books.add(task.book()));
        return rows.books.values().stream()
                .filter(book -> books.contains(book.id()))
                .map(BookState::owner)
                .limit(most)
                .toList();
    }

    @Override
    public int removeGarbage(int most) {
        InMemoryRows rows = store.writing();
        if (rows.garbage.isEmpty()) {
            return 0;
        }
        Garbage garbage = rows.garbage.get(0);
        int removed = 0;
        if (garbage.generation().isPresent()) {
            removed +=
                    removeFirst(rows.contacts.getOrDefault(garbage.generation().get(), new TreeMap<>()), most);
        } else {
            TaskId task = garbage.task().orElseThrow();
            removed += removeFirst(rows.changes(task), most);
            if (removed < most) {
                rows.chunks.keySet().removeIf(chunk -> chunk.task().equals(task));
                rows.chunkBytes.keySet().removeIf(chunk -> chunk.task().equals(task));
            }
        }
        if (removed < most) {
            rows.garbage.remove(0);
        }
        return removed + 1;
    }

    @Override
    public boolean compact() {
        return false;
    }

    @Override
    public boolean refreshStatistics() {
        return false;
    }

    @Override
    public int forgetTasks(Instant now, int most) {
        List<TaskId> over = store.writing().tasks.values().stream()
                .filter(task -> task.state().finished() && !task.expiresAt().isAfter(now))
                .limit(most)
                .map(SyncTask::id)
                .toList();
        over.forEach(store.writing().tasks::remove);
        over.forEach(store.writing().givenUp::remove);
        return over.size();
    }

    private static int removeFirst(Map<?, ?> rows, int most) {
        List<?> first = rows.keySet().stream().limit(most).toList();
        first.forEach(rows::remove);
        return first.size();
    }
}
