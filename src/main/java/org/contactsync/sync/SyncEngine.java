package org.contactsync.sync;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.sync.apply.IncrementalTasks;
import org.contactsync.sync.apply.KeptAnswers;
import org.contactsync.sync.apply.SeriesBook;
import org.contactsync.sync.apply.SeriesFeed;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.ChangesFeed;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.CancelTask;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.contactsync.sync.task.Receipts;
import org.contactsync.sync.task.Refusals;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Next;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.TaskViews;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.ChunkIntake;
import org.contactsync.sync.upload.Staging;
import org.contactsync.sync.upload.Uploads;
import org.contactsync.sync.waiting.TaskQueue;
import org.contactsync.sync.waiting.WaitingTaskException;

/**
 * Runs steps. Each method needs a running transaction and leaves the book locked until it ends; a thrown exception means
 * that the transaction must be rolled back. Thread-safe.
 */
public final class SyncEngine {
    /** Changes that a commit may apply at once: as many as one PATCH may have. */
    private static final int SHORT_COMMIT = 1_000;

    private final Books books;
    private final Contacts contacts;
    private final Tasks tasks;
    private final Staging staging;
    private final StepCodec codec;
    private final Limits limits;
    private final Receipts receipts;
    private final ChangesFeed feed;
    private final KeptAnswers answers;
    private final TaskViews views;
    private final ChunkIntake intake;

    public SyncEngine(
            Books books,
            Contacts contacts,
            Tasks tasks,
            Staging staging,
            BookHistory history,
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
        feed = new ChangesFeed(contacts, tasks);
        answers = new KeptAnswers(feed, contacts, history, receipts);
        views = new TaskViews(tasks);
        intake = new ChunkIntake(contacts, staging, limits);
    }

    /**
     * Runs one step.
     *
     * @param earlierTried the caller has run the earlier tasks ({@link Next#EARLIER_FIRST})
     */
    public Replies run(Step step, boolean earlierTried) {
        if (makesBook(step)) {
            return run(step, earlierTried, books.lock(step.owner()));
        }
        return books.lockExisting(step.owner())
                .map(locked -> run(step, earlierTried, locked))
                .orElseGet(() -> withoutBook(step));
    }

    /**
     * Runs one step if nobody else has the book's lock and if it is short; a long one is left to {@link #run(Step, boolean)}.
     *
     * @throws BookBusyException if the book is locked
     */
    public Replies runIfUnlocked(Step step) {
        if (makesBook(step)) {
            return runNow(step, books.lockNow(step.owner(), Wanted.of(step)));
        }
        return books.lockExistingNow(step.owner(), Wanted.of(step))
                .map(locked -> runNow(step, locked))
                .orElseGet(() -> withoutBook(step));
    }

    Replies runNow(Step step, Locked locked) {
        return isLong(step) ? Replies.none(Next.LONG) : run(step, false, locked);
    }

    /** What is left to do of an erased account must not make another one. */
    private static boolean makesBook(Step step) {
        return switch (step.kind()) {
            case APPLY_CHANGES, OPEN_UPLOAD -> true;
            case PUT_CHUNK, COMMIT_UPLOAD, CANCEL_TASK, RUN_WAITING -> false;
        };
    }

    private static Replies withoutBook(Step step) {
        return step.kind().hasRequest()
                ? Replies.of(step.head().replyTo(), Refusals.noSuchTask())
                : Replies.none(Next.NOTHING);
    }

    /** Only a commit of staged changes can be long: it applies all chunks. */
    private boolean isLong(Step step) {
        return switch (step.kind()) {
            case COMMIT_UPLOAD -> isLongCommit(step.task());
            case APPLY_CHANGES, OPEN_UPLOAD, PUT_CHUNK, CANCEL_TASK, RUN_WAITING -> false;
        };
    }

    private boolean isLongCommit(TaskId upload) {
        return tasks.find(upload)
                .filter(task -> !task.state().finished() && !task.kind().replacesBook())
                .flatMap(SyncTask::upload)
                .filter(progress -> progress.received() > SHORT_COMMIT)
                .isPresent();
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
        return step.match(
                apply -> queue.run(book, apply, earlierTried),
                open -> Replies.of(to, uploads.open(book, open)),
                chunk -> Replies.of(to, uploads.put(book, chunk)),
                commit -> uploads.commit(book, commit),
                cancel -> cancel(book, cancel, uploads, queue),
                wake -> {
                    uploads.expireOthers(book);
                    return Replies.none(Next.RUN_WAITING);
                });
    }

    /** Runs the owner's first waiting task, if one may run. */
    public Replies runNextWaiting(Owner owner) {
        return books.lockExisting(owner)
                .map(locked ->
                        queue(locked).runNextWaiting(uploads(locked.now()).expireHold(locked.book())))
                .orElseGet(() -> Replies.none(Next.NOTHING));
    }

    /** Counts a failed attempt after {@link #runNextWaiting} threw {@link WaitingTaskException}, in its own transaction. */
    public Replies countFailedAttempt(Owner owner, TaskId task) {
        return books.lockExisting(owner)
                .map(locked -> queue(locked).countFailedAttempt(locked.book(), task))
                .orElseGet(() -> Replies.none(Next.NOTHING));
    }

    /** Inserts the task's row after the request's wait has expired, or finds its outcome. */
    public Replies parkFromRequest(ApplyChanges step) {
        Locked locked = books.lock(step.owner());
        return queue(locked).parkFromRequest(locked.book(), step);
    }

    /** Ends an upload that its instance cannot go on with; answers what it has ended with, now or before. */
    public Replies endUpload(Head head, TaskState state, Outcome kept) {
        return books.lockExisting(head.owner())
                .map(locked -> endUpload(locked, head, state, kept))
                .orElseGet(() -> Replies.of(head.replyTo(), Refusals.noSuchTask()));
    }

    /**
     * The same for an upload of which nobody knows whether it is open. If it is not, that is recorded: its step may still be on its way, and
     * would open an upload that nobody fills.
     */
    public Replies endUnopened(OpenUpload step, TaskState state, Outcome kept) {
        return books.lockExisting(step.owner())
                .map(locked -> endUnopened(locked, step, state, kept))
                .orElseGet(() -> Replies.of(step.head().replyTo(), Refusals.noSuchTask()));
    }

    private Replies endUnopened(Locked locked, OpenUpload step, TaskState state, Outcome kept) {
        Optional<SyncTask> found = tasks.find(step.task());
        if (found.isEmpty()) {
            uploads(locked.now()).refuse(locked.book(), step, state, kept);
            return Replies.of(step.head().replyTo(), kept);
        }
        SyncTask task = found.get();
        return task.book() == locked.book().id() && task.state().finished()
                ? Replies.of(step.head().replyTo(), answers.again(locked.book(), task))
                : endUpload(locked, step.head(), state, kept);
    }

    private Replies endUpload(Locked locked, Head head, TaskState state, Outcome kept) {
        BookState book = locked.book();
        Optional<SyncTask> found = tasks.find(head.task())
                .filter(task -> task.book() == book.id() && task.upload().isPresent());
        if (found.isEmpty()) {
            return Replies.of(head.replyTo(), Refusals.noSuchTask());
        }
        SyncTask task = found.get();
        if (task.state().finished()) {
            return Replies.of(head.replyTo(), answers.again(book, task));
        }
        uploads(locked.now()).end(book, task, state, kept);
        return Replies.of(head.replyTo(), kept, Next.RUN_WAITING);
    }

    /** Creates the owner's book if it does not exist. */
    public void ensureBook(Owner owner) {
        books.lock(owner);
    }

    /** Creates the owner's book if it does not exist, and makes the step one of a client that knows this book. */
    public ApplyChanges onNewBook(ApplyChanges step) {
        BookState book = books.lock(step.owner()).book();
        return new ApplyChanges(step.head(), step.digest(), BookReadings.checkCode(book), step.sync(), step.priority());
    }

    /** A queue that uses one time for all decisions: the database's, when the book was locked. */
    TaskQueue queue(Locked locked) {
        return queue(locked, answers);
    }

    /** The same for a series, whose steps read the feed together. */
    TaskQueue queue(SeriesBook book, SeriesFeed shared) {
        return queue(book, answers.from(shared));
    }

    SeriesFeed feed(Series series) {
        return new SeriesFeed(feed, series);
    }

    private TaskQueue queue(Locked locked, KeptAnswers told) {
        IncrementalTasks incremental = new IncrementalTasks(contacts, told, limits, locked);
        return new TaskQueue(books, tasks, incremental, told, codec, views, limits, locked);
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
