package org.contactsync.sync;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.IncrementalSync;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.OnMismatch;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.Problem.ContactConflict;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Books.Locked;
import org.contactsync.sync.Contacts.Mark;
import org.contactsync.sync.Contacts.Writes;
import org.contactsync.sync.KeptAnswers.Both;
import org.contactsync.sync.Step.ApplyChanges;
import org.contactsync.sync.SyncTask.Applied;

/**
 * Applies an incremental sync to a locked book: compare, apply, recompute, compare again (protocol §4.2). One transaction, the caller's, at one time.
 */
final class IncrementalTasks {
    private final Contacts contacts;
    private final KeptAnswers answers;
    private final BookBytes bytes;
    private final Limits limits;
    private final Instant now;
    private final Map<Uid, Optional<Mark>> seen;

    /** For one book, before anything of it is written. */
    IncrementalTasks(Contacts contacts, KeptAnswers answers, Limits limits, Locked locked) {
        this.contacts = contacts;
        this.answers = answers;
        this.limits = limits;
        bytes = new BookBytes(contacts, limits);
        this.now = locked.now();
        this.seen = locked.seen();
    }

    /**
     * A task that has finished, and the book after it; their rows are the caller's to write.
     *
     * @param task finished, with the answer that is kept
     * @param told what the request is told
     * @param book as it is to be saved; as it was locked when nothing of its row changes
     * @param writes of the book's contacts
     */
    record Decision(SyncTask task, Outcome told, BookState book, Writes writes) {}

    /**
     * Applies {@code step} or decides why not.
     *
     * @param openTasks how many tasks wait after it
     */
    Decision run(BookState book, ApplyChanges step, SyncTask task, int openTasks) {
        IncrementalSync sync = step.sync();
        CheckCodes codes = new CheckCodes(book.key());
        CheckCode current = codes.checkCode(book.digest());
        boolean rebased = !current.equals(step.firstCode());
        if (rebased && sync.onMismatch() == OnMismatch.REFUSE) {
            return refused(book, task, answers.mismatch(book, codes, step.firstCode()), openTasks);
        }
        Map<Uid, Mark> stored = stored(book, sync.changes());
        Optional<ContactConflict> conflict = Effect.conflict(sync.changes(), stored, codes, book.digest());
        if (conflict.isPresent()) {
            return refused(book, task, KeptAnswers.conflict(conflict.get()), openTasks);
        }
        Effect effect = Effect.of(book.digest(), codes, sync.changes(), stored, book.seq() + 1, task.device());
        BookState counted =
                effect.growth() > 0 ? bytes.counted(book, effect.digest().count()) : book;
        Optional<? extends Problem> problem =
                bytes.deny(counted, effect.growth()).or(() -> deny(book, codes, effect, sync, rebased));
        if (problem.isPresent()) {
            return refused(counted, task, Both.same(new Refused(problem.get())), openTasks);
        }
        BookState changed = effect.writes().isEmpty() ? book : counted.advanced(effect.digest(), effect.growth());
        CheckCode second = codes.checkCode(changed.digest());
        Function<Optional<Missed>, Outcome> result = missed -> new Outcome.Applied(new SyncResult(
                task.id(),
                second,
                changed.seq(),
                changed.digest().count(),
                effect.puts(),
                effect.deletes(),
                rebased,
                missed));
        // Before anything is written: what was missed is what others did.
        Both outcome = rebased
                ? answers.both(book, codes, step.firstCode(), result)
                : Both.same(result.apply(Optional.empty()));
        SyncTask done = answers.done(
                task, outcome.kept(), new Applied(changed.seq(), second), now.plus(limits.taskRetention()));
        return new Decision(done, outcome.told(), changed.withOpenTasks(openTasks), effect.writes());
    }

    /** Most changes are of one contact, which was read with the lock. */
    private Map<Uid, Mark> stored(BookState book, List<Change> changes) {
        if (changes.size() == 1) {
            Uid uid = changes.get(0).uid();
            Optional<Mark> mark = seen.get(uid);
            if (mark != null) {
                return mark.isPresent() ? Map.of(uid, mark.get()) : Map.of();
            }
        }
        return contacts.marks(
                book.id(), book.generation(), changes.stream().map(Change::uid).toList());
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

    private Decision refused(BookState book, SyncTask task, Both outcome, int openTasks) {
        SyncTask refused = answers.ended(task, TaskState.FAILED, outcome.kept(), now.plus(limits.taskRetention()));
        return new Decision(refused, outcome.told(), book.withOpenTasks(openTasks), Writes.NONE);
    }
}
