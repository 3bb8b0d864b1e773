package org.contactsync.sync.upload;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.task.SyncTask;

/**
 * The staged changes of an upload as they are to be written, slice after slice: each is read when the one before it has been
 * written. Together they must come to the book that the commit says. One thread at a time.
 */
final class StagedSlices implements Iterator<Writes> {
    /** Bounds memory. */
    private static final int SLICE = 100;

    private final Contacts contacts;
    private final Staging staging;
    private final BookState book;
    private final CheckCodes codes;
    private final SyncTask task;
    private final BookState after;
    private BookDigest digest;
    private Optional<Uid> last = Optional.empty();
    private List<Change> slice;

    /** @param after what the book comes to with all of them */
    StagedSlices(Contacts contacts, Staging staging, BookState book, CheckCodes codes, SyncTask task, BookState after) {
        this.contacts = contacts;
        this.staging = staging;
        this.book = book;
        this.codes = codes;
        this.task = task;
        this.after = after;
        digest = book.digest();
        slice = List.of();
    }

    /** @throws IllegalStateException at the end, when the changes do not come to the book that was said */
    @Override
    public boolean hasNext() {
        if (slice.isEmpty()) {
            slice = staging.changes(task.id(), last, SLICE);
        }
        if (slice.isEmpty() && !digest.equals(after.digest())) {
            throw new IllegalStateException("staged changes do not come to their digest: task=" + task.id());
        }
        return !slice.isEmpty();
    }

    @Override
    public Writes next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<Uid> uids = slice.stream().map(Change::uid).toList();
        Map<Uid, Mark> stored = contacts.marks(book.id(), book.generation(), uids);
        Effect effect = Effect.of(digest, codes, slice, stored, after.seq(), task.device());
        digest = effect.digest();
        last = Optional.of(uids.get(uids.size() - 1));
        slice = List.of();
        return effect.writes();
    }
}
