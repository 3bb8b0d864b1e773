package org.contactsync.sync;

import java.time.Clock;
import java.util.Optional;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Replies.Next;
import org.contactsync.sync.Step.ApplyChanges;
import org.contactsync.sync.Step.CancelTask;
import org.contactsync.sync.Step.CommitUpload;
import org.contactsync.sync.Step.OpenUpload;
import org.contactsync.sync.Step.PutChunk;

/**
 * Runs steps. Each method needs a running transaction and leaves the book locked until it ends; a thrown exception means
 * that the transaction must be rolled back. Thread-safe.
 */
public final class SyncEngine {
    private final Books books;
    private final Tasks tasks;
    private final TaskQueue queue;
    private final Uploads uploads;

    public SyncEngine(
            Books books, Contacts contacts, Tasks tasks, Staging staging, StepCodec codec, Limits limits, Clock clock) {
        this.books = books;
        this.tasks = tasks;
        ChangesFeed feed = new ChangesFeed(contacts, tasks);
        TaskViews views = new TaskViews(tasks);
        IncrementalTasks incremental = new IncrementalTasks(books, contacts, feed, limits, clock);
        queue = new TaskQueue(books, tasks, incremental, codec, views, limits, clock);
        ChunkIntake intake = new ChunkIntake(contacts, staging, limits);
        uploads = new Uploads(books, tasks, staging, intake, feed, views, limits, clock);
    }

    /**
     * Runs one step.
     *
     * @param earlierTried the caller has done what {@link Next#EARLIER_FIRST} asked for
     */
    public Replies run(Step step, boolean earlierTried) {
        BookState locked = books.lock(step.owner());
        BookState book = uploads.expireHold(locked);
        Replies replies = run(book, step, earlierTried);
        boolean freed = locked.hold().isPresent() && book.hold().isEmpty();
        return freed ? replies.thenRunWaiting() : replies;
    }

    private Replies run(BookState book, Step step, boolean earlierTried) {
        ReplyTo to = step.head().replyTo();
        if (step instanceof ApplyChanges apply) {
            return queue.run(book, apply, earlierTried);
        }
        if (step instanceof OpenUpload open) {
            return Replies.of(to, uploads.open(book, open));
        }
        if (step instanceof PutChunk chunk) {
            return Replies.of(to, uploads.put(book, chunk));
        }
        if (step instanceof CommitUpload commit) {
            return uploads.commit(book, commit);
        }
        if (step instanceof CancelTask cancel) {
            return cancel(book, cancel);
        }
        // What is left is RunWaiting.
        uploads.expireOthers(book);
        return Replies.none(Next.RUN_WAITING);
    }

    /** Runs the owner's first waiting task, if one may run. */
    public Replies runNextWaiting(Owner owner) {
        return queue.runNextWaiting(uploads.expireHold(books.lock(owner)));
    }

    /** Counts that {@link #runNextWaiting} threw {@link WaitingTaskException} for a task, in a transaction of its own. */
    public Replies waitingFailed(Owner owner, TaskId task) {
        return queue.attemptFailed(books.lock(owner), task);
    }

    /** Gives a task its row when the request's wait has run out, or finds its outcome. */
    public Replies parkFromRequest(ApplyChanges step) {
        return queue.parkFromRequest(books.lock(step.owner()), step);
    }

    /** Makes the owner's book when it is not there. */
    public void ensureBook(Owner owner) {
        books.lock(owner);
    }

    private Replies cancel(BookState book, CancelTask step) {
        ReplyTo to = step.head().replyTo();
        Optional<SyncTask> found = tasks.find(step.task()).filter(task -> task.book() == book.id());
        if (found.isEmpty()) {
            return Replies.of(to, Answers.noSuchTask());
        }
        SyncTask task = found.get();
        if (task.state().finished()) {
            boolean gone = task.state() == TaskState.CANCELLED || task.state() == TaskState.EXPIRED;
            return Replies.of(to, gone ? Answer.noContent() : Answer.refused(new Problem.TaskFinished(task.state())));
        }
        if (task.upload().isEmpty()) {
            return queue.cancel(book, task, to);
        }
        uploads.end(book, task, TaskState.CANCELLED, Answer.refused(new Problem.TaskFinished(TaskState.CANCELLED)));
        return Replies.of(to, Answer.noContent(), Next.RUN_WAITING);
    }
}
