package org.contactsync.sync;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.InMemoryRows.GivenUpStep;
import org.contactsync.sync.InMemoryRows.WaitingStep;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks;

/** Tasks in memory. */
final class InMemoryTasks implements Tasks {
    private static final Comparator<SyncTask> ACCEPTED = Comparator.comparing(SyncTask::acceptedAt)
            .thenComparing(task -> task.id().value().toString());

    private final InMemoryStore store;

    InMemoryTasks(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Optional<SyncTask> find(TaskId id) {
        return Optional.ofNullable(store.rows().tasks.get(id));
    }

    @Override
    public Optional<SyncTask> find(Owner owner, TaskId id) {
        BookState book = store.rows().books.get(owner.key());
        return find(id).filter(task -> book != null && task.book() == book.id());
    }

    @Override
    public void insert(SyncTask task) {
        if (store.writing().tasks.putIfAbsent(task.id(), row(task)) != null) {
            throw new IllegalStateException("task that exists: task=" + task.id());
        }
    }

    @Override
    public void insertWaiting(SyncTask task, byte[] payload, Terms terms, Instant nextAttempt) {
        insertWaiting(task, payload, Optional.of(terms), nextAttempt);
    }

    private void insertWaiting(SyncTask task, byte[] payload, Optional<Terms> terms, Instant nextAttempt) {
        insert(task);
        store.writing()
                .waiting
                .put(
                        task.id(),
                        new WaitingStep(
                                task.book(),
                                store.writing().nextPlace(),
                                payload.clone(),
                                terms,
                                nextAttempt.truncatedTo(ChronoUnit.MILLIS),
                                Instant.MIN));
    }

    @Override
    public void update(SyncTask task) {
        if (store.writing().tasks.replace(task.id(), row(task)) == null) {
            throw new IllegalStateException("no such task: task=" + task.id());
        }
        if (task.state().finished()) {
            store.writing().waiting.remove(task.id());
        }
    }

    @Override
    public void retryLater(SyncTask task, Instant nextAttempt) {
        update(task);
        store.writing()
                .waiting
                .computeIfPresent(
                        task.id(),
                        (id, step) -> new WaitingStep(
                                step.book(),
                                step.place(),
                                step.payload(),
                                step.terms(),
                                nextAttempt.truncatedTo(ChronoUnit.MILLIS),
                                Instant.MIN));
    }

    @Override
    public void giveUp(SyncTask task, Instant at, long mostBytes) {
        InMemoryRows rows = store.writing();
        WaitingStep waiting = Objects.requireNonNull(rows.waiting.get(task.id()));
        rows.givenUp.put(
                task.id(),
                new GivenUpStep(task.book(), rows.nextPlace(), waiting.payload(), at.truncatedTo(ChronoUnit.MILLIS)));
        update(task);
        List<Map.Entry<TaskId, GivenUpStep>> newestFirst = rows.givenUp.entrySet().stream()
                .filter(each -> each.getValue().book() == task.book())
                .sorted(Comparator.comparing(each -> -each.getValue().place()))
                .toList();
        long bytes = 0;
        for (Map.Entry<TaskId, GivenUpStep> each : newestFirst) {
            bytes += each.getValue().payload().length;
            if (bytes > mostBytes) {
                rows.givenUp.remove(each.getKey());
            }
        }
    }

    @Override
    public boolean takeUp(SyncTask task, Instant nextAttempt) {
        GivenUpStep kept = store.writing().givenUp.remove(task.id());
        if (kept == null) {
            return false;
        }
        store.writing().tasks.remove(task.id());
        insertWaiting(task, kept.payload(), Optional.empty(), nextAttempt);
        return true;
    }

    @Override
    public boolean drop(TaskId id) {
        return store.writing().givenUp.remove(id) != null;
    }

    @Override
    public List<GivenUp> givenUp(Optional<String> owner, Optional<Instant> notAfter, long after, int most) {
        InMemoryRows rows = store.rows();
        return rows.givenUp.entrySet().stream()
                .map(row -> new GivenUp(
                        row.getValue().place(),
                        ownerOf(row.getKey()).orElseThrow().key(),
                        row.getValue().at(),
                        Objects.requireNonNull(rows.tasks.get(row.getKey()))))
                .filter(each -> each.place() > after)
                .filter(each -> owner.isEmpty() || owner.get().equals(each.owner()))
                .filter(each -> notAfter.isEmpty() || !each.at().isAfter(notAfter.get()))
                .sorted(Comparator.comparingLong(GivenUp::place))
                .limit(most)
                .toList();
    }

    @Override
    public Optional<Owner> ownerOf(TaskId id) {
        return find(id).flatMap(task -> store.rows().books.values().stream()
                .filter(book -> book.id() == task.book())
                .map(BookState::owner)
                .findFirst());
    }

    @Override
    public List<SyncTask> waiting(long book) {
        return store.rows().waiting.entrySet().stream()
                .filter(row -> row.getValue().book() == book)
                .sorted(Comparator.comparingLong(row -> row.getValue().place()))
                .map(row -> store.rows().tasks.get(row.getKey()))
                .toList();
    }

    @Override
    public List<SyncTask> uploads(long book) {
        return tasks(task -> task.book() == book && task.upload().isPresent() && task.state() == TaskState.RECEIVING);
    }

    @Override
    public Optional<Waiting> payload(TaskId id) {
        return Optional.ofNullable(store.rows().waiting.get(id))
                .map(step -> new Waiting(step.payload().clone(), step.nextAttempt()));
    }

    @Override
    public List<Parked> parked(long book) {
        return store.rows().waiting.entrySet().stream()
                .filter(row -> row.getValue().book() == book)
                .map(row -> new Parked(
                        row.getKey(),
                        row.getValue().payload().length,
                        row.getValue().nextAttempt(),
                        row.getValue().terms()))
                .toList();
    }

    @Override
    public Map<CheckCode, Long> seqsOf(long book, Collection<CheckCode> codes) {
        return tasks(task -> task.book() == book).stream()
                .flatMap(task -> task.applied().stream())
                .filter(applied -> codes.contains(applied.code()))
                .collect(Collectors.toMap(SyncTask.Applied::code, SyncTask.Applied::seq, Math::max));
    }

    private List<SyncTask> tasks(Predicate<SyncTask> which) {
        return store.rows().tasks.values().stream()
                .filter(which)
                .sorted(ACCEPTED)
                .toList();
    }

    /** What the row keeps of the times. */
    private static SyncTask row(SyncTask task) {
        return new SyncTask(
                task.id(),
                task.book(),
                task.kind(),
                task.state(),
                task.device(),
                task.priority(),
                task.acceptedAt().truncatedTo(ChronoUnit.MICROS),
                task.digest(),
                task.firstCode(),
                task.replyTo(),
                task.expiresAt().truncatedTo(ChronoUnit.MILLIS),
                task.attempts(),
                task.answer(),
                task.applied(),
                task.upload());
    }
}
