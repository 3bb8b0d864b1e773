package org.contactsync.sync.upload;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.apply.KeptAnswers;
import org.contactsync.sync.apply.KeptAnswers.Both;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.BookState.Hold;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step.CommitUpload;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.step.Step.PutChunk;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.Receipts;
import org.contactsync.sync.task.Refusals;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Next;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.SyncTask.Applied;
import org.contactsync.sync.task.TaskViews;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.task.UploadProgress;
import org.contactsync.sync.upload.ChunkIntake.Committed;
import org.contactsync.sync.upload.ChunkIntake.Taken;
import org.contactsync.sync.upload.Staging.Chunk;

/**
 * Handles uploads in chunks: opens them, takes one chunk after the other, commits or ends them (protocol §4.4, §4.5).
 *
 * <pre>
 *   open ──▶ receiving, no hold ──chunk 1──▶ receiving, holds the queue ──commit──▶ done
 *                 │                                  │  each chunk renews the lease
 *                 └────────── cancel, expiry, or a book that moved on: nothing happened ──────────▶
 * </pre>
 *
 * <p>Runs in the caller's transaction with the book locked, one at a time.
 */
public final class Uploads {
    private final Books books;
    private final Tasks tasks;
    private final Staging staging;
    private final ChunkIntake intake;
    private final KeptAnswers answers;
    private final Receipts receipts;
    private final Limits limits;
    private final Instant now;
    private final UploadOpening opening;

    public Uploads(
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
        this.limits = limits;
        this.now = now;
        opening = new UploadOpening(books, tasks, answers, views, limits, now);
    }

    public Outcome open(BookState book, OpenUpload step) {
        return opening.open(book, step);
    }

    /** See {@link UploadOpening#refuse}. */
    public void refuse(BookState book, OpenUpload step, TaskState state, Outcome kept) {
        opening.refuse(book, step, state, kept);
    }

    /** Takes the next chunk, or repeats the acknowledgement of an earlier one. */
    public Outcome put(BookState book, PutChunk step) {
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
            // Thrown before anything was written: the transaction continues and commits without effect.
            return refused.problem() instanceof ContactConflict conflict
                    ? answers.withCards(mine, conflict, step.changes())
                    : new Refused(refused.problem());
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

    public Replies commit(BookState book, CommitUpload step) {
        ReplyTo to = step.head().replyTo();
        Optional<SyncTask> found = tasks.find(step.task()).filter(task -> isUploadOf(book, task));
        if (found.isEmpty()) {
            return Replies.of(to, Refusals.noSuchTask());
        }
        SyncTask task = found.get();
        if (task.state().finished()) {
            // The answer to a repeated request for a restore is that of its upload.
            boolean known = task.state() == TaskState.DONE || task.digest().isOfRestore();
            return Replies.of(to, known ? answers.again(book, task) : finished(task));
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
        Optional<Problem> problem = intake.deny(mine, codes, task, progress, step.commit());
        if (problem.isPresent()) {
            return Replies.of(to, new Refused(problem.get()));
        }
        Committed committed = intake.commit(mine, codes, task, progress);
        BookState changed = committed.book();
        SyncResult result = intake.result(task, changed, codes, progress);
        Outcome outcome = new Outcome.Applied(result);
        SyncTask done = answers.done(
                task, outcome, new Applied(changed.seq(), result.checkCode()), now.plus(limits.taskRetention()));
        List<EndedTask> ended = List.of(new EndedTask(done, true, now));
        books.apply(new BookUpdate(book, changed.released(), committed.contacts(), ended));
        return Replies.of(to, outcome, Next.RUN_WAITING);
    }

    /** Ends an upload without effect. */
    public BookState end(BookState book, SyncTask task, TaskState state, Outcome kept) {
        SyncTask ended = answers.ended(task, state, kept, now.plus(limits.taskRetention()));
        BookState after = book.heldBy(task.id()) ? book.released() : book;
        BookState saved = books.apply(BookUpdate.ending(book, after, new EndedTask(ended, true, now)));
        intake.markForRemoval(book, task);
        return saved;
    }

    /** Ends the upload that has the hold if its lease has expired. */
    public BookState expireHold(BookState book) {
        Optional<Hold> hold = book.hold().filter(h -> !h.leaseUntil().isAfter(now));
        if (hold.isEmpty()) {
            return book;
        }
        return tasks.find(hold.get().task())
                .filter(task -> !task.state().finished())
                .map(task -> expire(book, task))
                .orElseGet(() -> books.save(book, book.released()));
    }

    /** Ends expired uploads that never had their turn. */
    public BookState expireOthers(BookState book) {
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

    /** The outcome if the upload cannot start now; if the book has changed, the upload ends. */
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
