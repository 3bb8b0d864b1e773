package org.contactsync.sync.upload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Flaw;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.sync.book.BookBytes;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.MassDelete;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.UploadProgress;

/**
 * Stages the chunks of an upload, and commits them. Whole contacts are staged as rows of a new generation, so that the
 * commit only switches the book to it; changes are stored and applied by the commit. Thread-safe.
 */
public final class ChunkIntake {
    private static final long STAGED_ROW = Limits.STAGED_ROW;

    /** Removal takes a second for a few thousand rows. */
    private static final Duration REMOVAL = Duration.ofSeconds(5);

    private final Contacts contacts;
    private final Staging staging;
    private final Limits limits;
    private final BookBytes bytes;

    public ChunkIntake(Contacts contacts, Staging staging, Limits limits) {
        this.contacts = contacts;
        this.staging = staging;
        this.limits = limits;
        bytes = new BookBytes(contacts, limits);
    }

    /** An upload after a chunk, and the bytes that the chunk added. */
    record Taken(UploadProgress progress, Staging.Bytes bytes) {}

    /** The book at the start of an upload, with its bytes if the upload adds to them. */
    BookState counted(BookState book, SyncTask task) {
        return task.kind().replacesBook() ? book : bytes.counted(book, limits.bookContacts());
    }

    /**
     * Stages the next chunk.
     *
     * @throws ProblemException before anything was written
     */
    Taken take(BookState book, CheckCodes codes, SyncTask task, UploadProgress progress, List<Change> changes) {
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

    /** The problem if the upload cannot be committed as it is. The upload stays open. */
    Optional<Problem> deny(
            BookState book, CheckCodes codes, SyncTask task, UploadProgress progress, UploadCommit commit) {
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
            return Optional.of(BookBytes.full("a book holds at most " + limits.bookContacts() + " contacts"));
        }
        long count = book.digest().count();
        boolean emptied = progress.plan().kind().replacesBook()
                && count > 0
                && progress.staged().count() == 0;
        boolean confirmed = commit.confirmDeletes() || progress.plan().confirmDeletes();
        if ((emptied || MassDelete.suspected(progress.deletes(), count)) && !confirmed) {
            return Optional.of(new Problem.MassDeleteSuspected(progress.deletes(), count));
        }
        // The chunks of a restore may add contacts before they delete others: only its result must have room.
        return task.digest().isOfRestore()
                ? bytes.deny(book, staging.sum(task.id()).growth())
                : Optional.empty();
    }

    /** A book after the commit of an upload, and what the commit does to its contacts. */
    record Committed(BookState book, ContactChanges contacts) {}

    /**
     * Makes the staged contacts, or changes, part of the book. What the commit does not need any more is named for removal.
     */
    Committed commit(BookState book, CheckCodes codes, SyncTask task, UploadProgress progress) {
        Staging.Sum sum = staging.sum(task.id());
        staging.markForRemoval(book.id(), task.id(), task.kind().replacesBook() ? 0 : staged(sum));
        OptionalLong growth = sum.unknown() == 0 ? OptionalLong.of(sum.growth()) : OptionalLong.empty();
        if (task.kind().replacesBook()) {
            // An earlier version may have written the book, which does not count its bytes.
            long cards = book.cardBytes().orElseGet(() -> contacts.cardBytes(book.id(), book.generation()));
            long retired = cards + STAGED_ROW * book.digest().count();
            return new Committed(
                    book.switched(progress.generation(), progress.staged(), growth),
                    new ContactChanges.Switched(retired, limits.historyBytes(), progress.puts(), progress.deletes()));
        }
        if (progress.puts() + progress.deletes() == 0) {
            return new Committed(book, ContactChanges.NONE);
        }
        BookState after = book.advanced(progress.staged(), growth);
        return new Committed(
                after,
                new ContactChanges.Many(
                        () -> new StagedSlices(contacts, staging, book, codes, task, after),
                        progress.puts(),
                        progress.deletes()));
    }

    /** Marks the staged data of an upload that ends without effect for removal. */
    void markForRemoval(BookState book, SyncTask task) {
        UploadProgress progress = task.upload().orElseThrow();
        if (progress.received() == 0) {
            return;
        }
        boolean own = progress.generation() > 0;
        long staged = staged(staging.sum(task.id()));
        staging.markForRemoval(book.id(), task.id(), own ? 0 : staged);
        if (own) {
            staging.markForRemoval(book.id(), progress.generation(), staged);
        }
    }

    /**
     * Refuses a chunk if the book would exceed its bytes, or its user the bytes that are staged or wait to be removed
     * (protocol 6.1 maxBookBytes, 6.3 staged-bytes).
     *
     * @param before bytes of the book that the chunks add to
     */
    private void refuseTooMuch(BookState book, SyncTask task, long before, Staging.Bytes chunk) {
        Staging.Sum sum = staging.sum(task.id());
        long after = before + sum.growth() + chunk.growth();
        if (chunk.growth() > 0 && after > limits.bookBytes() && !task.digest().isOfRestore()) {
            throw new ProblemException(
                    BookBytes.full("the cards of a book have at most " + limits.bookBytes() + " bytes"));
        }
        long own = staged(sum) + chunk.staged();
        if (own > limits.stagedBytes()) {
            throw new ProblemException(BookBytes.full("an upload stages at most " + limits.stagedBytes() + " bytes"));
        }
        long all = own + staging.discarded(book.id());
        if (all > limits.stagedBytes()) {
            throw new ProblemException(new Problem.QuotaExceeded(
                    Quota.STAGED_BYTES,
                    limits.stagedBytes(),
                    "what is staged, or was and is not removed yet, would have " + all + " bytes",
                    REMOVAL));
        }
    }

    /** A chunk of unknown size counts as the largest. */
    private long staged(Staging.Sum sum) {
        return sum.staged() + sum.unknown() * (limits.chunkBytes() + STAGED_ROW * limits.chunkContacts());
    }

    private static long cards(List<Change> changes) {
        return changes.stream()
                .mapToLong(
                        change -> change instanceof Change.Put put ? put.card().length() : 0)
                .sum();
    }

    /** The result of a commit. */
    SyncResult result(SyncTask task, BookState book, CheckCodes codes, UploadProgress progress) {
        return new SyncResult(
                task.id(),
                codes.checkCode(book.digest()),
                book.seq(),
                book.digest().count(),
                progress.puts(),
                progress.deletes(),
                false,
                Optional.empty());
    }

    private Taken takeContacts(
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
            if (!(change instanceof Change.Put put)) {
                continue; // the place of a contact that was left out
            }
            StoredContact row = Effect.contact(put, codes, book.seq() + 1, task.device());
            Content content = row.now().orElseThrow();
            puts += Optional.ofNullable(now.get(row.uid())).equals(Optional.of(content.hash())) ? 0 : 1;
            staged = staged.plus(row.entry());
            rows.add(row);
        }
        Staging.Bytes added = new Staging.Bytes(cards(changes) + STAGED_ROW * rows.size(), cards(changes));
        refuseTooMuch(book, task, 0, added);
        contacts.insert(book.id(), progress.generation(), rows);
        return new Taken(next(progress, changes.size(), staged, puts, progress.deletes() - now.size()), added);
    }

    private Taken takeChanges(
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
        Staging.Bytes added = new Staging.Bytes(cards(changes) + STAGED_ROW * changes.size(), effect.growth());
        refuseTooMuch(book, task, book.cardBytes().orElse(0), added);
        staging.addChanges(task.id(), changes);
        UploadProgress next = next(
                progress,
                changes.size(),
                effect.digest(),
                progress.puts() + effect.puts(),
                progress.deletes() + effect.deletes());
        return new Taken(next, added);
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
