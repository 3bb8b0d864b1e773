package org.contactsync.sync;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.ChunkAck;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.UploadPlan;
import org.contactsync.sync.BookState.Hold;
import org.contactsync.sync.ChunkIntake.Taken;
import org.contactsync.sync.KeptAnswers.Both;
import org.contactsync.sync.Replies.Next;
import org.contactsync.sync.Staging.Chunk;
import org.contactsync.sync.Step.CommitUpload;
import org.contactsync.sync.Step.OpenUpload;
import org.contactsync.sync.Step.PutChunk;
import org.contactsync.sync.SyncTask.Applied;

/**
 * The uploads in chunks: open, take one chunk after the other, commit, end (protocol §4.4, §4.5).
 *
 * <pre>
 *   open ──▶ receiving, no hold ──chunk 1──▶ receiving, holds the queue ──commit──▶ done
 *                 │                                  │  each chunk renews the lease
 *                 └────────── cancel, expiry, or a book that moved on: nothing happened ──────────▶
 * </pre>
 *
 * <p>One transaction, the caller's, with the book locked, at one time.
 */
final class Uploads {
    private final Books books;
    private final Tasks tasks;
    private final Staging staging;
    private final ChunkIntake intake;
    private final KeptAnswers answers;
    private final Receipts receipts;
    private final TaskViews views;
    private final Limits limits;
    private final Instant now;

    Uploads(
            Books books,
            Tasks tasks,
            Staging staging,
            ChunkIntake intake,
            KeptAnswers answers,
            Receipts receipts,
            TaskViews views,
            Limits limits,
            Instant now) {
        this.books = books;
        this.tasks = tasks;
        this.staging = staging;
        this.intake = intake;
        this.answers = answers;
        this.receipts = receipts;
        this.views = views;
        this.limits = limits;
        this.now = now;
    }

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

    /** A repeated open finds the upload where it is now, or the refusal; a row without progress is a refused open. */
    private Outcome openedBefore(BookState book, SyncTask known, OpenUpload step) {
        if (!known.digest().equals(step.digest()) || known.kind() == TaskKind.INCREMENTAL) {
            return Refusals.keyReused();
        }
        return known.upload().isPresent() ? new Outcome.Opened(views.of(book, known)) : answers.again(book, known);
    }

    /** Keeps the refusal for a repeated request. */
    private Outcome refuseOpen(BookState book, OpenUpload step, Both outcome) {
        Instant forgottenAt = now.plus(limits.taskRetention());
        SyncTask refused = newTask(book, step, Optional.empty());
        tasks.insert(answers.ended(refused, TaskState.FAILED, outcome.kept(), forgottenAt));
        return outcome.told();
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
                lease(),
                0,
                Optional.empty(),
                Optional.empty(),
                progress);
    }

    /** Takes the next chunk, or says again what was said of an earlier one. */
    Outcome put(BookState book, PutChunk step) {
        Optional<SyncTask> found = tasks.find(step.task()).filter(task -> isUploadOf(book, task));
        if (found.isEmpty()) {
            return Refusals.noSuchTask();
        }
        SyncTask task = found.get();
        Optional<Outcome> repeated = repeated(task, step);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        UploadProgress progress = task.upload().orElseThrow();
        if (step.number() != progress.nextChunk()
                || step.number() > progress.plan().chunks()) {
            return new Refused(new Problem.ChunkOutOfOrder(progress.nextChunk()));
        }
        BookState mine = book;
        if (!book.heldBy(task.id())) {
            Optional<Outcome> refusal = refuseTurn(book, task);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            mine = task.kind().replacesBook() ? book.withNewGeneration() : book;
            progress = progress.started(mine);
        }
        CheckCodes codes = new CheckCodes(book.key());
        mine = intake.counted(mine, task);
        Taken taken;
        try {
            taken = intake.take(mine, codes, task, progress, step.changes());
        } catch (ProblemException refused) {
            // Thrown before anything was written: the transaction goes on and ends without effect.
            return new Refused(refused.problem());
        }
        UploadProgress next = taken.progress();
        Instant leaseUntil = lease();
        Outcome acknowledgement = new Outcome.Acknowledged(
                new ChunkAck(step.number(), next.nextChunk(), next.received(), codes.checkCode(next.staged())));
        staging.addChunk(
                task.id(), step.number(), new Chunk(step.digest(), receipts.of(acknowledgement)), taken.bytes());
        tasks.update(task.renewed(next, leaseUntil));
        books.save(book, mine.withHold(new Hold(task.id(), leaseUntil)));
        return acknowledgement;
    }

    Replies commit(BookState book, CommitUpload step) {
        ReplyTo to = step.head().replyTo();
        Optional<SyncTask> found = tasks.find(step.task()).filter(task -> isUploadOf(book, task));
        if (found.isEmpty()) {
            return Replies.of(to, Refusals.noSuchTask());
        }
        SyncTask task = found.get();
        if (task.state().finished()) {
            return Replies.of(to, task.state() == TaskState.DONE ? answers.again(book, task) : finished(task));
        }
        UploadProgress progress = task.upload().orElseThrow();
        BookState mine = book;
        if (!book.heldBy(task.id()) && progress.plan().chunks() == 0) {
            Optional<Outcome> refusal = refuseTurn(book, task);
            if (refusal.isPresent()) {
                return Replies.of(to, refusal.get());
            }
            mine = task.kind().replacesBook() ? book.withNewGeneration() : book;
            progress = progress.started(mine);
        }
        CheckCodes codes = new CheckCodes(book.key());
        Optional<Problem> problem = intake.deny(mine, codes, progress, step.commit());
        if (problem.isPresent()) {
            return Replies.of(to, new Refused(problem.get()));
        }
        BookState changed = intake.commit(mine, codes, task, progress);
        SyncResult result = intake.result(task, changed, codes, progress);
        Outcome outcome = new Outcome.Applied(result);
        tasks.update(answers.done(
                task, outcome, new Applied(changed.seq(), result.checkCode()), now.plus(limits.taskRetention())));
        books.save(book, changed.released());
        return Replies.of(to, outcome, Next.RUN_WAITING);
    }

    /** Ends an upload without effect. */
    BookState end(BookState book, SyncTask task, TaskState state, Outcome kept) {
        tasks.update(answers.ended(task, state, kept, now.plus(limits.taskRetention())));
        intake.discard(book, task);
        return book.heldBy(task.id()) ? books.save(book, book.released()) : book;
    }

    /** Ends the upload that has the queue when its lease has run out. */
    BookState expireHold(BookState book) {
        Optional<Hold> hold = book.hold().filter(h -> !h.leaseUntil().isAfter(now));
        if (hold.isEmpty()) {
            return book;
        }
        return tasks.find(hold.get().task())
                .filter(task -> !task.state().finished())
                .map(task -> expire(book, task))
                .orElseGet(() -> books.save(book, book.released()));
    }

    /** Ends uploads that never came to their turn. */
    BookState expireOthers(BookState book) {
        BookState left = book;
        for (SyncTask task : tasks.uploads(book.id())) {
            if (!left.heldBy(task.id()) && !task.expiresAt().isAfter(now)) {
                left = expire(left, task);
            }
        }
        return left;
    }

    private BookState expire(BookState book, SyncTask task) {
        return end(book, task, TaskState.EXPIRED, new Refused(expired()));
    }

    private Optional<Outcome> repeated(SyncTask task, PutChunk step) {
        Optional<Chunk> earlier = staging.chunk(task.id(), step.number());
        if (earlier.isPresent() && !task.state().finished()) {
            return Optional.of(
                    earlier.get().digest().equals(step.digest())
                            ? new Outcome.Told(earlier.get().acknowledgement())
                            : new Refused(new Problem.ChunkConflict(step.number())));
        }
        return task.state().finished() ? Optional.of(finished(task)) : Optional.empty();
    }

    private static Outcome finished(SyncTask task) {
        return task.state() == TaskState.EXPIRED ? new Refused(expired()) : Refusals.finished(task.state());
    }

    private static Problem expired() {
        return new Problem.Plain(ProblemType.TASK_EXPIRED, "no chunk came before the upload's lease ended");
    }

    /** Why the upload cannot begin now; a book that has moved on ends it. */
    private Optional<Outcome> refuseTurn(BookState book, SyncTask task) {
        if (book.hold().isPresent() || book.openTasks() > 0) {
            int ahead = book.openTasks() + (book.hold().isPresent() ? 1 : 0);
            return Optional.of(new Refused(new Problem.TaskWaiting(ahead)));
        }
        CheckCodes codes = new CheckCodes(book.key());
        if (codes.checkCode(book.digest()).equals(task.firstCode())) {
            return Optional.empty();
        }
        Both mismatch = answers.mismatch(book, codes, task.firstCode());
        end(book, task, TaskState.FAILED, mismatch.kept());
        return Optional.of(mismatch.told());
    }

    private static boolean isUploadOf(BookState book, SyncTask task) {
        return task.book() == book.id() && task.upload().isPresent();
    }

    private Instant lease() {
        return now.plus(limits.uploadLease());
    }
}
