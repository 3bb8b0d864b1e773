package org.contactsync.sync.upload;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.apply.KeptAnswers;
import org.contactsync.sync.apply.KeptAnswers.Both;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.Refusals;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.TaskViews;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.task.UploadProgress;

/** Opens uploads (protocol §4.4). Runs in the caller's transaction with the book locked, one at a time. */
final class UploadOpening {
    private final Books books;
    private final Tasks tasks;
    private final KeptAnswers answers;
    private final TaskViews views;
    private final Limits limits;
    private final Instant now;

    UploadOpening(Books books, Tasks tasks, KeptAnswers answers, TaskViews views, Limits limits, Instant now) {
        this.books = books;
        this.tasks = tasks;
        this.answers = answers;
        this.views = views;
        this.limits = limits;
        this.now = now;
    }

    /** Opens an upload, without a hold; a repeated request gets its current state, or the refusal. */
    Outcome open(BookState book, OpenUpload step) {
        Optional<SyncTask> known = tasks.find(step.task());
        if (known.isPresent()) {
            return openedBefore(book, known.get(), step);
        }
        UploadPlan plan = step.plan();
        CheckCodes codes = new CheckCodes(book.key());
        if (!codes.checkCode(book.digest()).equals(plan.checkBefore())) {
            return refuseOpen(book, step, answers.mismatch(book, codes, plan.checkBefore()));
        }
        if (plan.kind() == TaskKind.INITIAL && book.digest().count() > 0) {
            return refuseOpen(
                    book,
                    step,
                    Both.same(new Refused(new Problem.Plain(
                            ProblemType.BOOK_NOT_EMPTY,
                            "an initial upload needs an empty book, this one has "
                                    + book.digest().count() + " contacts"))));
        }
        if (tasks.uploads(book.id()).size() >= limits.queuedTasks()) {
            return new Refused(
                    new Problem.QueueFull("at most " + limits.queuedTasks() + " uploads of a user are open"));
        }
        SyncTask task = newTask(book, step, Optional.of(UploadProgress.opened(plan)));
        tasks.insert(task);
        return new Outcome.Opened(views.of(book, task));
    }

    /**
     * The outcome of a repeated open: the upload's current state, or the refusal; a row without progress is a refused open.
     */
    private Outcome openedBefore(BookState book, SyncTask known, OpenUpload step) {
        if (known.book() != book.id()) {
            return Refusals.keyOfErasedBook();
        }
        if (!known.digest().equals(step.digest()) || known.kind() == TaskKind.INCREMENTAL) {
            return Refusals.keyReused();
        }
        return known.upload().isPresent() ? new Outcome.Opened(views.of(book, known)) : answers.again(book, known);
    }

    /** Stores the refusal for a repeated request. */
    private Outcome refuseOpen(BookState book, OpenUpload step, Both outcome) {
        refuse(book, step, TaskState.FAILED, outcome.kept());
        return outcome.told();
    }

    /** Records that an upload has ended before it was opened: then it cannot be opened any more. */
    void refuse(BookState book, OpenUpload step, TaskState state, Outcome kept) {
        SyncTask ended =
                answers.ended(newTask(book, step, Optional.empty()), state, kept, now.plus(limits.taskRetention()));
        books.apply(BookUpdate.ending(book, book, new EndedTask(ended, false, now)));
    }

    private SyncTask newTask(BookState book, OpenUpload step, Optional<UploadProgress> progress) {
        return new SyncTask(
                step.task(),
                book.id(),
                step.plan().kind(),
                TaskState.RECEIVING,
                step.head().device(),
                Priority.BACKGROUND,
                now,
                step.digest(),
                step.plan().checkBefore(),
                step.head().replyTo(),
                now.plus(limits.uploadLease()),
                0,
                Optional.empty(),
                Optional.empty(),
                progress);
    }
}
