package org.contactsync.sync.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Tasks.GivenUp;

/**
 * An operator's actions on tasks that failed too often. Each runs in the caller's transaction with the book locked, so that
 * two operators, or an operator and the task itself, come one after the other. Thread-safe.
 */
public final class GivenUpTasks {
    private final Books books;
    private final Tasks tasks;
    private final Limits limits;
    private final Receipts receipts;

    public GivenUpTasks(Books books, Tasks tasks, Limits limits, Receipts receipts) {
        this.books = books;
        this.tasks = tasks;
        this.limits = limits;
        this.receipts = receipts;
    }

    /** A task and its owner. */
    public record Owned(Owner owner, SyncTask task) {}

    /** Tasks that were given up and not dropped; see {@link Tasks#givenUp}. */
    public List<GivenUp> page(Optional<String> owner, Optional<Instant> notAfter, long after, int most) {
        return tasks.givenUp(owner, notAfter, after, most);
    }

    /** @throws ProblemException {@code not-found} */
    public Owned find(TaskId id) {
        return new Owned(owner(id), incremental(id));
    }

    /**
     * Makes the task wait again, behind all waiting tasks. Nothing changes if it waits already or is done.
     *
     * @throws ProblemException {@code not-found}, {@code queue-full}, or {@code task-finished} if its payload is gone
     */
    public Owned retry(TaskId id) {
        Owner owner = owner(id);
        Locked locked = books.lock(owner);
        SyncTask task = incremental(id);
        if (!task.state().finished() || task.state() == TaskState.DONE) {
            return new Owned(owner, task);
        }
        BookState book = locked.book();
        if (book.openTasks() >= limits.queuedTasks()) {
            throw new ProblemException(
                    new Problem.QueueFull("at most " + limits.queuedTasks() + " tasks of a user wait"));
        }
        SyncTask waits = task.takenUp(locked.now(), locked.now().plus(limits.taskRetention()));
        if (!tasks.takeUp(waits, locked.now())) {
            throw new ProblemException(new Problem.TaskFinished(
                    task.state(),
                    "the task is " + task.state().wireName() + ", and what it wanted is not kept any more"));
        }
        books.save(book, book.withOpenTasks(book.openTasks() + 1));
        return new Owned(owner, waits);
    }

    /**
     * Ends the task for good, even if it waits again. Nothing changes if it has already ended without effect.
     *
     * @throws ProblemException {@code not-found}, or {@code task-finished} if it is done
     */
    public Owned drop(TaskId id) {
        Owner owner = owner(id);
        Locked locked = books.lock(owner);
        SyncTask task = incremental(id);
        if (task.state() == TaskState.DONE) {
            throw new ProblemException(new Problem.TaskFinished(task.state()));
        }
        if (task.state().finished()) {
            tasks.drop(id);
            return new Owned(owner, task);
        }
        SyncTask dropped = task.finished(
                TaskState.CANCELLED,
                receipts.of(Refusals.finished(TaskState.CANCELLED)),
                Optional.empty(),
                locked.now().plus(limits.taskRetention()));
        BookState book = locked.book();
        BookState after = book.withOpenTasks(Math.max(0, book.openTasks() - 1));
        books.apply(BookUpdate.ending(book, after, new EndedTask(dropped, true, locked.now())));
        return new Owned(owner, dropped);
    }

    private Owner owner(TaskId id) {
        return tasks.ownerOf(id).orElseThrow(GivenUpTasks::noSuchTask);
    }

    private SyncTask incremental(TaskId id) {
        return tasks.find(id)
                .filter(task -> task.kind() == TaskKind.INCREMENTAL)
                .orElseThrow(GivenUpTasks::noSuchTask);
    }

    private static ProblemException noSuchTask() {
        return ProblemException.of(ProblemType.NOT_FOUND, "no such task");
    }
}
