package org.contactsync.sync;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Books.Locked;
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
    /** Changes that a commit applies at once: as many as one PATCH may have. */
    private static final int SHORT_COMMIT = 1_000;

    private final Books books;
    private final Contacts contacts;
    private final Tasks tasks;
    private final Staging staging;
    private final StepCodec codec;
    private final Limits limits;
    private final Receipts receipts;
    private final KeptAnswers answers;
    private final TaskViews views;
    private final ChunkIntake intake;

    public SyncEngine(
            Books books,
            Contacts contacts,
            Tasks tasks,
            Staging staging,
            StepCodec codec,
            Limits limits,
            Receipts receipts) {
        this.books = books;
        this.contacts = contacts;
        this.tasks = tasks;
        this.staging = staging;
        this.codec = codec;
        this.limits = limits;
        this.receipts = receipts;
        answers = new KeptAnswers(new ChangesFeed(contacts, tasks), contacts, receipts);
        views = new TaskViews(tasks);
        intake = new ChunkIntake(contacts, staging, limits);
    }

    /**
     * Runs one step.
     *
     * @param earlierTried the caller has done what {@link Next#EARLIER_FIRST} asked for
     */
    public Replies run(Step step, boolean earlierTried) {
        return run(step, earlierTried, books.lock(step.owner()));
    }

    /**
     * Runs one step if nobody else has the book's lock and if it is short; a long one is left to {@link #run(Step, boolean)}.
     *
     * @throws BookBusyException when somebody has it
     */
    public Replies runNow(Step step) {
        Locked locked = books.lockNow(step.owner(), step.task(), touched(step));
        return isLong(step) ? Replies.none(Next.LONG) : run(step, false, locked);
    }

    /** Only a commit of staged changes costs more than a request may hold: it applies all chunks. */
    private boolean isLong(Step step) {
        return step instanceof CommitUpload
                && tasks.find(step.task())
                        .filter(task -> !task.state().finished() && !task.kind().replacesBook())
                        .flatMap(SyncTask::upload)
                        .filter(progress -> progress.received() > SHORT_COMMIT)
                        .isPresent();
    }

    /** The contact of a change of one, which most are. */
    private static Optional<Uid> touched(Step step) {
        return step instanceof ApplyChanges apply && apply.sync().changes().size() == 1
                ? Optional.of(apply.sync().changes().get(0).uid())
                : Optional.empty();
    }

    private Replies run(Step step, boolean earlierTried, Locked locked) {
        Uploads uploads = uploads(locked.now());
        BookState book = uploads.expireHold(locked.book());
        Replies replies = run(book, step, earlierTried, uploads, queue(locked));
        boolean freed = locked.book().hold().isPresent() && book.hold().isEmpty();
        return freed ? replies.thenRunWaiting() : replies;
    }

    private Replies run(BookState book, Step step, boolean earlierTried, Uploads uploads, TaskQueue queue) {
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
            return cancel(book, cancel, uploads, queue);
        }
        // What is left is RunWaiting.
        uploads.expireOthers(book);
        return Replies.none(Next.RUN_WAITING);
    }

    /** Runs the owner's first waiting task, if one may run. */
    public Replies runNextWaiting(Owner owner) {
        Locked locked = books.lock(owner);
        return queue(locked).runNextWaiting(uploads(locked.now()).expireHold(locked.book()));
    }

    /** Counts that {@link #runNextWaiting} threw {@link WaitingTaskException} for a task, in a transaction of its own. */
    public Replies waitingFailed(Owner owner, TaskId task) {
        Locked locked = books.lock(owner);
        return queue(locked).attemptFailed(locked.book(), task);
    }

    /** Gives a task its row when the request's wait has run out, or finds its outcome. */
    public Replies parkFromRequest(ApplyChanges step) {
        Locked locked = books.lock(step.owner());
        return queue(locked).parkFromRequest(locked.book(), step);
    }

    /** Makes the owner's book when it is not there. */
    public void ensureBook(Owner owner) {
        books.lock(owner);
    }

    /** What is decided at one time: that of the database, when the book was locked. */
    private TaskQueue queue(Locked locked) {
        IncrementalTasks incremental = new IncrementalTasks(contacts, answers, limits, locked);
        return new TaskQueue(books, contacts, tasks, incremental, answers, codec, views, limits, locked);
    }

    private Uploads uploads(Instant now) {
        return new Uploads(books, tasks, staging, intake, answers, receipts, views, limits, now);
    }

    private Replies cancel(BookState book, CancelTask step, Uploads uploads, TaskQueue queue) {
        ReplyTo to = step.head().replyTo();
        Optional<SyncTask> found = tasks.find(step.task()).filter(task -> task.book() == book.id());
        if (found.isEmpty()) {
            return Replies.of(to, Refusals.noSuchTask());
        }
        SyncTask task = found.get();
        if (task.state().finished()) {
            boolean gone = task.state() == TaskState.CANCELLED || task.state() == TaskState.EXPIRED;
            return Replies.of(to, gone ? new Outcome.Gone() : Refusals.finished(task.state()));
        }
        if (task.upload().isEmpty()) {
            return queue.cancel(book, task, to);
        }
        uploads.end(book, task, TaskState.CANCELLED, Refusals.finished(TaskState.CANCELLED));
        return Replies.of(to, new Outcome.Gone(), Next.RUN_WAITING);
    }
}
