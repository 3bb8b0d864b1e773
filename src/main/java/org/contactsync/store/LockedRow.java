package org.contactsync.store;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.store.account.ErasureMark;
import org.contactsync.store.sql.BookColumns;
import org.contactsync.store.sql.DatabaseTime;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.contactsync.sync.task.SyncTask;

/** A book's row that is locked, with what was read in the same statement; what was not is read when it is asked for. */
final class LockedRow implements Locked {
    /** What stands behind the columns of the book. */
    private static final int TIME = BookColumns.COUNT;

    private static final int TASK_UNSEEN = TIME + 1;
    private static final int REVISION_BEFORE = TASK_UNSEEN + 1;
    private static final int CONTACT_HASH = REVISION_BEFORE + 1;
    private static final int CONTACT_POSITION = CONTACT_HASH + 1;
    private static final int CONTACT_ENTRY = CONTACT_POSITION + 1;
    private static final int CONTACT_BYTES = CONTACT_ENTRY + 1;
    private static final int CONTACT_SEQ = CONTACT_BYTES + 1;
    private static final int CONTACT_DEVICE = CONTACT_SEQ + 1;
    private static final int CONTACT_ALTERNATION = CONTACT_DEVICE + 1;

    private final BookState book;
    private final Instant now;
    private final JpaContacts contacts;
    private final JpaTasks tasks;
    private final EntityManager em;
    private final Optional<TaskId> unseen;
    private final Map<Uid, Optional<Mark>> seen;

    /** @param readWithIt what the statement has read with the book */
    LockedRow(Object[] row, Owner owner, Wanted readWithIt, JpaContacts contacts, JpaTasks tasks, EntityManager em) {
        book = BookColumns.read(row, owner);
        now = DatabaseTime.of(row[TIME]);
        this.contacts = contacts;
        this.tasks = tasks;
        this.em = em;
        unseen = readWithIt.task().filter(task -> (Boolean) row[TASK_UNSEEN]);
        seen = readWithIt.contacts().size() == 1
                ? seen(book, row, readWithIt.contacts().get(0))
                : Map.of();
    }

    /** What the statement saw of the contact counts only when nobody changed the book before it had the lock. */
    private static Map<Uid, Optional<Mark>> seen(BookState book, Object[] row, Uid uid) {
        if (((Number) row[REVISION_BEFORE]).longValue() != book.revision()) {
            return Map.of();
        }
        Optional<Mark> mark = row[CONTACT_POSITION] == null
                ? Optional.empty()
                : Optional.of(JpaContacts.mark(
                        row[CONTACT_HASH],
                        row[CONTACT_POSITION],
                        row[CONTACT_ENTRY],
                        row[CONTACT_BYTES],
                        row[CONTACT_SEQ],
                        row[CONTACT_DEVICE],
                        row[CONTACT_ALTERNATION]));
        return Map.of(uid, mark);
    }

    /** Whether it is answered without another statement. */
    boolean hasRead(Uid uid) {
        return seen.containsKey(uid);
    }

    /** Whether it is answered without another statement. */
    boolean hasMissed(TaskId task) {
        return unseen.equals(Optional.of(task));
    }

    @Override
    public BookState book() {
        return book;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Optional<SyncTask> task(TaskId id) {
        return hasMissed(id) ? Optional.empty() : tasks.find(id);
    }

    @Override
    public Map<Uid, Mark> marks(Collection<Uid> uids) {
        if (uids.size() == 1) {
            Uid uid = uids.iterator().next();
            Optional<Mark> mark = seen.get(uid);
            if (mark != null) {
                return mark.map(each -> Map.of(uid, each)).orElseGet(Map::of);
            }
        }
        return contacts.marks(book.id(), book.generation(), uids);
    }

    @Override
    public boolean mayHaveBeenErased() {
        return ErasureMark.has(em, book.owner());
    }
}
