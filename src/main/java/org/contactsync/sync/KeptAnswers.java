package org.contactsync.sync;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.Problem.ContactConflict;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Contacts.Mark;
import org.contactsync.sync.Step.ApplyChanges;
import org.contactsync.sync.SyncTask.Applied;

/**
 * Answers that say what a client has missed. That is told whole and kept as the place in the feed where it begins: the cards
 * are in the book already, and a request of a few bytes must not have them stored again (protocol 5.4, 7.2). One
 * transaction, the caller's, at one time; reads only.
 */
final class KeptAnswers {
    private final ChangesFeed feed;
    private final Contacts contacts;
    private final Receipts receipts;

    KeptAnswers(ChangesFeed feed, Contacts contacts, Receipts receipts) {
        this.feed = feed;
        this.contacts = contacts;
        this.receipts = receipts;
    }

    /**
     * An outcome.
     *
     * @param told to the request
     * @param kept with its task
     */
    record Both(Outcome told, Outcome kept) {
        static Both same(Outcome outcome) {
            return new Both(outcome, outcome);
        }
    }

    /** A refusal that names the contacts of the request: the first of them are kept, the repeated request names them again. */
    static Both conflict(ContactConflict conflict) {
        return new Both(new Refused(conflict), new Refused(conflict.kept()));
    }

    /** The refusal of a task that was made from another book. */
    Both mismatch(BookState book, CheckCodes codes, CheckCode first) {
        BookDigest digest = book.digest();
        CheckCode current = codes.checkCode(digest);
        return both(
                book,
                codes,
                first,
                missed -> new Refused(new Problem.CheckCodeMismatch(current, digest.count(), book.seq(), missed)));
    }

    /** An outcome that holds what was missed since the book had the code {@code first}. */
    Both both(BookState book, CheckCodes codes, CheckCode first, Function<Optional<Missed>, Outcome> outcome) {
        Optional<Long> since = feed.known(book, codes, first);
        if (since.isEmpty()) {
            return Both.same(outcome.apply(Optional.empty()));
        }
        Missed whole = feed.since(book, since.get());
        return new Both(outcome.apply(Optional.of(whole)), outcome.apply(Optional.of(new Missed(List.of(), since))));
    }

    /** What the repeated request of an incremental sync is told; empty when it is the one that the task waits for. */
    Optional<Outcome> repeated(BookState book, SyncTask known, ApplyChanges step) {
        if (!known.digest().equals(step.digest()) || known.kind() != TaskKind.INCREMENTAL) {
            return Optional.of(Refusals.keyReused());
        }
        if (known.state().finished()) {
            Optional<Outcome> conflict =
                    receipts.isShortened(known.answer().orElseThrow()) ? conflictNow(book, step) : Optional.empty();
            return conflict.or(() -> Optional.of(again(book, known)));
        }
        return known.replyTo().equals(step.head().replyTo())
                ? Optional.empty()
                : Optional.of(new Refused(new Problem.InProgress(known.id())));
    }

    private Optional<Outcome> conflictNow(BookState book, ApplyChanges step) {
        List<Change> changes = step.sync().changes();
        Map<Uid, Mark> stored = contacts.marks(
                book.id(), book.generation(), changes.stream().map(Change::uid).toList());
        return Effect.conflict(changes, stored, new CheckCodes(book.key()), book.digest())
                .map(Refused::new);
    }

    /** What a repeated request of a finished task is told: a mismatch as it is by now. */
    Outcome again(BookState book, SyncTask finished) {
        Answer kept = finished.answer().orElseThrow();
        return finished.state() == TaskState.FAILED && receipts.isMismatch(kept)
                ? mismatch(book, new CheckCodes(book.key()), finished.firstCode())
                        .told()
                : new Outcome.Told(kept);
    }

    /** The task's row once it has ended, with the answer that its request gets from then on. */
    SyncTask ended(SyncTask task, TaskState state, Outcome kept, Instant forgottenAt) {
        return task.finished(state, receipts.of(kept), Optional.empty(), forgottenAt);
    }

    /** The row of a task that is done. */
    SyncTask done(SyncTask task, Outcome kept, Applied applied, Instant forgottenAt) {
        return task.finished(TaskState.DONE, receipts.of(kept), Optional.of(applied), forgottenAt);
    }
}
