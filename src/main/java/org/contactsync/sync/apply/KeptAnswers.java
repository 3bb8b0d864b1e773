package org.contactsync.sync.apply;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.reading.Feed;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.LostVersion;
import org.contactsync.sync.task.Receipts;
import org.contactsync.sync.task.Refusals;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.SyncTask.Applied;

/**
 * Makes answers that include the changes that a client has missed, or the cards of a conflict. The request gets them all; what is stored
 * names them: the cards are in the book and its history already, and a request of a few bytes must not store them again
 * (protocol 5.4, 5.6, 7.2). Runs in the caller's transaction, one at a time; reads only.
 */
public final class KeptAnswers {
    private final Feed feed;
    private final Contacts contacts;
    private final BookHistory history;
    private final ConflictCards cards;
    private final Receipts receipts;

    public KeptAnswers(Feed feed, Contacts contacts, BookHistory history, Receipts receipts) {
        this.feed = feed;
        cards = new ConflictCards(history);
        this.contacts = contacts;
        this.history = history;
        this.receipts = receipts;
    }

    /** The same, from another feed of the book. */
    public KeptAnswers from(Feed other) {
        return new KeptAnswers(other, contacts, history, receipts);
    }

    /**
     * An outcome in both forms.
     *
     * @param told for the request
     * @param kept stored with its task
     */
    public record Both(Outcome told, Outcome kept) {
        public static Both same(Outcome outcome) {
            return new Both(outcome, outcome);
        }
    }

    /**
     * A refusal that names contacts of the request, with their cards. Only the first ones are stored, without cards, because the repeated
     * request names them again.
     */
    Both conflict(BookState book, ContactConflict conflict, List<Change> changes) {
        return new Both(withCards(book, conflict, changes), new Refused(conflict.kept()));
    }

    /** A refusal that is not stored, with the cards of the contacts that it names. */
    public Refused withCards(BookState book, ContactConflict conflict, List<Change> changes) {
        return new Refused(cards.of(book, conflict, changes));
    }

    /** The cards that a task has decided against and that the book does not have, nor its history since a time. */
    List<LostVersion> lost(BookState book, CheckCodes codes, IncrementalSync sync, Instant since) {
        return cards.missing(book, codes, sync, since);
    }

    /** Whether the book has had that code, as far as receipts and history tell; reads the whole history of the book at most. */
    boolean hadCode(BookState book, CheckCodes codes, CheckCode code) {
        return feed.known(book, codes, code).isPresent()
                || history.lastWithCode(book.id(), code).isPresent();
    }

    /** The refusal of a task that was made from a different state of the book. */
    public Both mismatch(BookState book, CheckCodes codes, CheckCode first) {
        BookDigest digest = book.digest();
        CheckCode current = codes.checkCode(digest);
        return both(
                book,
                codes,
                first,
                missed -> new Refused(new Problem.CheckCodeMismatch(current, digest.count(), book.seq(), missed)));
    }

    /** An outcome with the changes missed since the book had the code {@code first}. */
    Both both(BookState book, CheckCodes codes, CheckCode first, Function<Optional<Missed>, Outcome> outcome) {
        Optional<Long> since = feed.known(book, codes, first);
        if (since.isEmpty()) {
            return Both.same(outcome.apply(Optional.empty()));
        }
        Missed whole = feed.since(book, since.get());
        return new Both(outcome.apply(Optional.of(whole)), outcome.apply(Optional.of(new Missed(List.of(), since))));
    }

    /** The outcome for a repeated request of an incremental sync; empty if the task waits for this very request. */
    public Optional<Outcome> repeated(BookState book, SyncTask known, ApplyChanges step) {
        if (!known.digest().equals(step.digest()) || known.kind() != TaskKind.INCREMENTAL) {
            return Optional.of(Refusals.keyReused());
        }
        if (known.state().finished()) {
            return receipts.conflict(known.answer().orElseThrow())
                    .flatMap(conflict -> conflict.isShortened() ? conflictNow(book, step) : Optional.of(conflict))
                    .<Outcome>map(
                            conflict -> withCards(book, conflict, step.sync().changes()))
                    .or(() -> Optional.of(again(book, known)));
        }
        return known.replyTo().equals(step.head().replyTo())
                ? Optional.empty()
                : Optional.of(new Refused(new Problem.InProgress(known.id())));
    }

    private Optional<ContactConflict> conflictNow(BookState book, ApplyChanges step) {
        List<Change> changes = step.sync().changes();
        Map<Uid, Mark> stored = contacts.marks(
                book.id(), book.generation(), changes.stream().map(Change::uid).toList());
        return Effect.conflict(changes, stored, new CheckCodes(book.key()), book.digest());
    }

    /** The outcome for a repeated request of a finished task; a mismatch is computed again from the current book. */
    public Outcome again(BookState book, SyncTask finished) {
        Answer kept = finished.answer().orElseThrow();
        return finished.state() == TaskState.FAILED && receipts.isMismatch(kept)
                ? mismatch(book, new CheckCodes(book.key()), finished.firstCode())
                        .told()
                : new Outcome.Told(kept);
    }

    /** The row of an ended task, with the answer that its request gets from then on. */
    public SyncTask ended(SyncTask task, TaskState state, Outcome kept, Instant forgottenAt) {
        return task.finished(state, receipts.of(kept), Optional.empty(), forgottenAt);
    }

    /** The row of a completed task. */
    public SyncTask done(SyncTask task, Outcome kept, Applied applied, Instant forgottenAt) {
        return task.finished(TaskState.DONE, receipts.of(kept), Optional.of(applied), forgottenAt);
    }
}
