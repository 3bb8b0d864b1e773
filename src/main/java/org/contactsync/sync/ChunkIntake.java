package org.contactsync.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Flaw;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.ContactFlaw;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.UploadCommit;
import org.contactsync.sync.Contacts.Mark;
import org.contactsync.sync.SyncTask.Applied;

/**
 * What a chunk adds to its upload, and what the commit makes of all chunks. Whole contacts are staged as rows of a new
 * generation, so that the commit only turns the book to it; changes are kept and applied at the commit. Thread-safe.
 */
final class ChunkIntake {
    /** Staged changes are applied so many at a time: bounds memory. */
    private static final int SLICE = 100;

    private final Contacts contacts;
    private final Staging staging;
    private final Limits limits;

    ChunkIntake(Contacts contacts, Staging staging, Limits limits) {
        this.contacts = contacts;
        this.staging = staging;
        this.limits = limits;
    }

    /**
     * Stages a chunk that is the next one.
     *
     * @throws ProblemException before anything was written
     */
    UploadProgress take(
            BookState book, CheckCodes codes, SyncTask task, UploadProgress progress, List<Change> changes) {
        long received = progress.received() + changes.size();
        boolean last = progress.nextChunk() == progress.plan().chunks();
        if (received > progress.plan().contacts()
                || last && received < progress.plan().contacts()) {
            throw ProblemException.malformed(
                    "",
                    "with this chunk there are " + received + " contacts of "
                            + progress.plan().contacts() + " announced in "
                            + progress.plan().chunks() + " chunks");
        }
        return task.kind().replacesBook()
                ? takeContacts(book, codes, task, progress, changes)
                : takeChanges(book, codes, task, progress, changes);
    }

    /** Why the upload cannot be committed as it is. It stays open. */
    Optional<Problem> deny(BookState book, CheckCodes codes, UploadProgress progress, UploadCommit commit) {
        if (!progress.complete()) {
            return Optional.of(new Problem.ChunksMissing(
                    progress.nextChunk(), progress.received(), progress.plan().contacts()));
        }
        CheckCode second = codes.checkCode(progress.staged());
        Optional<CheckCode> predicted = commit.checkAfter().or(progress.plan()::checkAfter);
        if (predicted.isPresent() && !predicted.get().equals(second)) {
            return Optional.of(
                    new Problem.ResultCodeMismatch(second, progress.staged().count()));
        }
        if (progress.staged().count() > limits.bookContacts()) {
            return Optional.of(new Problem.Plain(
                    ProblemType.BOOK_FULL, "a book holds at most " + limits.bookContacts() + " contacts"));
        }
        long count = book.digest().count();
        boolean emptied = progress.plan().kind().replacesBook()
                && count > 0
                && progress.staged().count() == 0;
        boolean confirmed = commit.confirmDeletes() || progress.plan().confirmDeletes();
        if ((emptied || MassDelete.suspected(progress.deletes(), count)) && !confirmed) {
            return Optional.of(new Problem.MassDeleteSuspected(progress.deletes(), count));
        }
        return Optional.empty();
    }

    /** Makes the staged contacts, or changes, the book's. */
    BookState commit(BookState book, CheckCodes codes, SyncTask task, UploadProgress progress) {
        if (task.kind().replacesBook()) {
            staging.discard(book.id(), book.generation());
            return book.switched(progress.generation(), progress.staged());
        }
        BookDigest digest = book.digest();
        boolean changed = false;
        Optional<Uid> after = Optional.empty();
        List<Change> slice = staging.changes(task.id(), after, SLICE);
        while (!slice.isEmpty()) {
            Map<Uid, Mark> stored = contacts.marks(book.id(), book.generation(), uids(slice));
            Effect effect = Effect.of(digest, codes, slice, stored, book.seq() + 1, task.device());
            contacts.write(book.id(), book.generation(), effect.writes());
            digest = effect.digest();
            changed |= !effect.writes().isEmpty();
            after = Optional.of(slice.get(slice.size() - 1).uid());
            slice = staging.changes(task.id(), after, SLICE);
        }
        if (!digest.equals(progress.staged())) {
            throw new IllegalStateException("staged changes do not come to their digest: task=" + task.id());
        }
        return changed ? book.advanced(digest) : book;
    }

    SyncTask done(SyncTask task, BookState book, CheckCodes codes, UploadProgress progress, Instant forgottenAt) {
        CheckCode second = codes.checkCode(book.digest());
        SyncResult result = new SyncResult(
                task.id(),
                second,
                book.seq(),
                book.digest().count(),
                progress.puts(),
                progress.deletes(),
                false,
                Optional.empty());
        return task.finished(
                TaskState.DONE, Answer.done(result), Optional.of(new Applied(book.seq(), second)), forgottenAt);
    }

    private UploadProgress takeContacts(
            BookState book, CheckCodes codes, SyncTask task, UploadProgress progress, List<Change> changes) {
        Collection<Uid> uids = uids(changes);
        if (progress.received() > 0) {
            refuseDuplicates(
                    changes,
                    contacts.hashes(book.id(), progress.generation(), uids).keySet());
        }
        Map<Uid, ContentHash> now =
                book.digest().count() == 0 ? Map.of() : contacts.hashes(book.id(), book.generation(), uids);
        BookDigest staged = progress.staged();
        long puts = progress.puts();
        List<StoredContact> rows = new ArrayList<>(changes.size());
        for (Change change : changes) {
            StoredContact row = Effect.contact((Change.Put) change, codes, book.seq() + 1, task.device());
            Content content = row.now().orElseThrow();
            puts += Optional.ofNullable(now.get(row.uid())).equals(Optional.of(content.hash())) ? 0 : 1;
            staged = staged.plus(row.entry());
            rows.add(row);
        }
        contacts.insert(book.id(), progress.generation(), rows);
        return next(progress, changes.size(), staged, puts, progress.deletes() - now.size());
    }

    private UploadProgress takeChanges(
            BookState book, CheckCodes codes, SyncTask task, UploadProgress progress, List<Change> changes) {
        Collection<Uid> uids = uids(changes);
        if (progress.received() > 0) {
            refuseDuplicates(changes, staging.staged(task.id(), uids));
        }
        Map<Uid, Mark> stored = contacts.marks(book.id(), book.generation(), uids);
        Effect.conflict(changes, stored, codes, book.digest()).ifPresent(conflict -> {
            throw new ProblemException(conflict);
        });
        Effect effect = Effect.of(progress.staged(), codes, changes, stored, book.seq() + 1, task.device());
        staging.addChanges(task.id(), changes);
        return next(
                progress,
                changes.size(),
                effect.digest(),
                progress.puts() + effect.puts(),
                progress.deletes() + effect.deletes());
    }

    private static UploadProgress next(UploadProgress progress, int size, BookDigest staged, long puts, long deletes) {
        return new UploadProgress(
                progress.plan(),
                progress.generation(),
                progress.nextChunk() + 1,
                progress.received() + size,
                staged,
                puts,
                deletes);
    }

    private static void refuseDuplicates(List<Change> changes, Set<Uid> earlier) {
        if (earlier.isEmpty()) {
            return;
        }
        Flaw flaw = new Flaw("duplicate-uid", "an earlier chunk of this upload has this uid");
        List<ContactFlaw> flaws = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            Uid uid = changes.get(i).uid();
            if (earlier.contains(uid)) {
                flaws.add(new ContactFlaw(Optional.of(uid.value()), i, "/uid", flaw));
            }
        }
        throw new ProblemException(new Problem.InvalidContacts(flaws));
    }

    private static Collection<Uid> uids(List<Change> changes) {
        return changes.stream().map(Change::uid).toList();
    }
}
