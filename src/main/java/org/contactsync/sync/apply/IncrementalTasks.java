package org.contactsync.sync.apply;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.apply.KeptAnswers.Both;
import org.contactsync.sync.book.BookBytes;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.LoopGuard;
import org.contactsync.sync.book.MassDelete;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.LostVersion;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.SyncTask.Applied;

/**
 * Applies an incremental sync to a locked book: compare, apply, recompute, compare again (protocol §4.2). Runs in the
 * caller's transaction, one at a time.
 */
public final class IncrementalTasks {
    private final KeptAnswers answers;
    private final BookBytes bytes;
    private final Limits limits;
    private final Locked locked;

    /** Handles one book, as {@code locked} says that it is. */
    public IncrementalTasks(Contacts contacts, KeptAnswers answers, Limits limits, Locked locked) {
        this.answers = answers;
        this.limits = limits;
        bytes = new BookBytes(contacts, limits);
        this.locked = locked;
    }

    /**
     * What comes of a task.
     *
     * @param told to the request
     * @param update the caller's to write: the task ends with it, with the answer that is kept
     */
    public record Decision(Outcome told, BookUpdate update) {}

    /**
     * A task whose turn it is.
     *
     * @param hasRow whether it has waited
     */
    public record Turn(SyncTask task, boolean hasRow) {}

    /** A step beside what is stored: nothing contradicts what it expects. */
    private record Compared(CheckCodes codes, boolean rebased, Map<Uid, Mark> stored, Effect effect) {}

    /**
     * Applies {@code step} or decides why not.
     *
     * @param openTasks how many tasks wait after it
     */
    public Decision run(BookState book, ApplyChanges step, Turn turn, int openTasks) {
        CheckCodes codes = new CheckCodes(book.key());
        IncrementalSync sync = step.sync();
        boolean rebased = !isUpToDate(book, step, codes);
        if (rebased && (sync.onMismatch() == OnMismatch.REFUSE || isOfErasedBook(book, codes, step))) {
            return refused(book, book, turn, answers.mismatch(book, codes, step.firstCode()), openTasks);
        }
        Map<Uid, Mark> stored = marks(sync);
        Optional<ContactConflict> conflict = Effect.conflict(sync.changes(), stored, codes, book.digest());
        return conflict.isPresent()
                ? refused(book, book, turn, answers.conflict(book, conflict.get(), sync.changes()), openTasks)
                : decide(book, step, turn, openTasks, compared(book, sync, turn, codes, rebased, stored));
    }

    /**
     * The same with no task behind it, if nothing more has to be read than the contacts of its changes; empty if the client does not know
     * the book as it is, its changes are in conflict, or the cards of the book have to be counted.
     */
    public Optional<Decision> runIfNothingElseIsRead(BookState book, ApplyChanges step, Turn turn) {
        CheckCodes codes = new CheckCodes(book.key());
        if (!isUpToDate(book, step, codes)) {
            return Optional.empty();
        }
        IncrementalSync sync = step.sync();
        Map<Uid, Mark> stored = marks(sync);
        if (Effect.conflict(sync.changes(), stored, codes, book.digest()).isPresent()) {
            return Optional.empty();
        }
        Compared compared = compared(book, sync, turn, codes, false, stored);
        return mustCount(book, compared.effect())
                ? Optional.empty()
                : Optional.of(decide(book, step, turn, 0, compared));
    }

    private Map<Uid, Mark> marks(IncrementalSync sync) {
        return locked.marks(sync.changes().stream().map(Change::uid).toList());
    }

    private static Compared compared(
            BookState book, IncrementalSync sync, Turn turn, CheckCodes codes, boolean rebased, Map<Uid, Mark> stored) {
        Effect effect = Effect.of(
                book.digest(),
                codes,
                sync.changes(),
                stored,
                book.seq() + 1,
                turn.task().device());
        return new Compared(codes, rebased, stored, effect);
    }

    private boolean mustCount(BookState book, Effect effect) {
        return effect.growth() > 0 && bytes.mustCount(book, effect.digest().count());
    }

    private static boolean isUpToDate(BookState book, ApplyChanges step, CheckCodes codes) {
        return codes.checkCode(book.digest()).equals(step.firstCode());
    }

    private Decision decide(BookState book, ApplyChanges step, Turn turn, int openTasks, Compared compared) {
        IncrementalSync sync = step.sync();
        SyncTask task = turn.task();
        CheckCodes codes = compared.codes();
        boolean rebased = compared.rebased();
        Effect effect = compared.effect();
        LoopGuard guard =
                LoopGuard.of(effect.writes(), compared.stored(), task.device(), task.priority(), locked.now());
        BookState counted =
                effect.growth() > 0 ? bytes.counted(book, effect.digest().count()) : book;
        Optional<? extends Problem> problem = bytes.deny(counted, effect.growth())
                .or(() -> deny(book, codes, effect, sync, rebased))
                .or(guard::loop);
        if (problem.isPresent()) {
            return refused(book, counted, turn, Both.same(new Refused(problem.get())), openTasks);
        }
        List<LostVersion> lost =
                sync.lost().isEmpty() ? List.of() : answers.lost(book, codes, sync, laterHalfOfHistory());
        // A card that is kept belongs to a task of the history, which has a number of its own.
        BookState changed =
                effect.writes().isEmpty() && lost.isEmpty() ? book : counted.advanced(effect.digest(), effect.growth());
        CheckCode second = codes.checkCode(changed.digest());
        Function<Optional<Missed>, Outcome> result = missed -> new Outcome.Applied(new SyncResult(
                task.id(),
                second,
                changed.seq(),
                changed.digest().count(),
                effect.puts(),
                effect.deletes(),
                rebased,
                missed,
                sync.lost().size()));
        // Computed before anything is written: only changes of others were missed.
        Both outcome = rebased
                ? answers.both(book, codes, step.firstCode(), result)
                : Both.same(result.apply(Optional.empty()));
        SyncTask done = answers.done(task, outcome.kept(), new Applied(changed.seq(), second), forgottenAt());
        BookUpdate update = new BookUpdate(
                book,
                changed.withOpenTasks(openTasks),
                ContactChanges.of(guard.writes()),
                List.of(new EndedTask(done, turn.hasRow(), locked.now())),
                lost);
        return new Decision(outcome.told(), update);
    }

    /** A task that was made for the book that the owner had before must not bring its contacts back (protocol 4.23.3). */
    private boolean isOfErasedBook(BookState book, CheckCodes codes, ApplyChanges step) {
        return locked.mayHaveBeenErased() && !answers.hadCode(book, codes, step.firstCode());
    }

    private Optional<? extends Problem> deny(
            BookState book, CheckCodes codes, Effect effect, IncrementalSync sync, boolean rebased) {
        long count = book.digest().count();
        if (effect.digest().count() > limits.bookContacts() && effect.digest().count() > count) {
            return Optional.of(BookBytes.full("a book holds at most " + limits.bookContacts() + " contacts"));
        }
        if (MassDelete.suspected(effect.deletes(), count) && !sync.confirmDeletes()) {
            return Optional.of(new Problem.MassDeleteSuspected(effect.deletes(), count));
        }
        CheckCode second = codes.checkCode(effect.digest());
        if (!rebased
                && sync.checkAfter().isPresent()
                && !sync.checkAfter().get().equals(second)) {
            return Optional.of(
                    new Problem.ResultCodeMismatch(second, effect.digest().count()));
        }
        return Optional.empty();
    }

    private Decision refused(BookState book, BookState after, Turn turn, Both outcome, int openTasks) {
        SyncTask refused = answers.ended(turn.task(), TaskState.FAILED, outcome.kept(), forgottenAt());
        EndedTask ended = new EndedTask(refused, turn.hasRow(), locked.now());
        return new Decision(outcome.told(), BookUpdate.ending(book, after.withOpenTasks(openTasks), ended));
    }

    /** A version that ended before may be gone tomorrow; one that ended later is kept for half as long as a new one at least. */
    private Instant laterHalfOfHistory() {
        return locked.now().minus(limits.historyRetention().dividedBy(2));
    }

    private Instant forgottenAt() {
        return locked.now().plus(limits.taskRetention());
    }
}
