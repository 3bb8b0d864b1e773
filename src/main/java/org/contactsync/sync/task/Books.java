package org.contactsync.sync.task;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.step.Step;

/** Books, and the one way in which anything of them is written. Every method needs a running transaction, except {@link #read}. */
public interface Books {
    /**
     * Locks the owner's book until the transaction ends. Creates it, empty and with a new random key, if it does not exist.
     * Everyone who writes anything of a book does this first.
     */
    Locked lock(Owner owner);

    /**
     * The same without waiting.
     *
     * @param wanted what the caller is going to ask of the locked book; it may be read together with the lock
     * @throws BookBusyException if another transaction has the lock; this one must be rolled back
     */
    Locked lockNow(Owner owner, Wanted wanted);

    /** As {@link #lock}, but empty, and nothing is created, if the owner has no book. */
    default Optional<Locked> lockExisting(Owner owner) {
        return read(owner).map(book -> lock(owner));
    }

    /** As {@link #lockNow}, but empty, and nothing is created, if the owner has no book. */
    default Optional<Locked> lockExistingNow(Owner owner, Wanted wanted) {
        return read(owner).map(book -> lockNow(owner, wanted));
    }

    /** A task and contacts that a locked book is going to be asked for. */
    record Wanted(Optional<TaskId> task, List<Uid> contacts) {
        public static final Wanted NOTHING = new Wanted(Optional.empty(), List.of());

        public Wanted {
            contacts = List.copyOf(contacts);
        }

        /** What a step asks of its book if it is its turn, which it mostly is. */
        public static Wanted of(Step step) {
            List<Uid> contacts = step.asApplyChanges().stream()
                    .flatMap(apply -> apply.sync().changes().stream())
                    .map(Change::uid)
                    .toList();
            return new Wanted(Optional.of(step.task()), contacts);
        }
    }

    /** An owner whose book is to be locked, and what is going to be asked of it. */
    record Claim(Owner owner, Wanted wanted) {}

    /**
     * Locks the books of different owners without waiting. Nothing is created.
     *
     * @return one for each claim, in their order; empty if the owner has no book or another transaction has its lock
     */
    List<Optional<Locked>> lockFree(List<Claim> claims);

    /** A book that the caller's transaction has locked. */
    interface Locked {
        BookState book();

        /** The database's time when the transaction asked for the lock: the one clock that all instances share. */
        Instant now();

        /**
         * The row of a task. It may be as old as the transaction: one that was added between that and the lock is found out by
         * {@link Books#apply}, which does not add it a second time.
         */
        Optional<SyncTask> task(TaskId id);

        /** Contacts and tombstones of the book among {@code uids}, those that exist. */
        Map<Uid, Mark> marks(Collection<Uid> uids);

        /** Whether the owner may have had another book, which was erased. It says so of few others, and of all who did. */
        boolean mayHaveBeenErased();
    }

    /** The current book, without a lock; empty if the owner never had one. */
    Optional<BookState> read(Owner owner);

    /** The current books of the owners that have one, at most {@link #MOST_AT_ONCE}, without a lock. */
    default List<BookState> readAll(List<Owner> owners) {
        return owners.stream().flatMap(owner -> read(owner).stream()).toList();
    }

    /** Books that are read together. */
    int MOST_AT_ONCE = 50;

    /**
     * Writes an update as one: the book's row, its contacts, the rows of the tasks. Nothing else writes a book's row, or contacts
     * that are read.
     *
     * @return the book as its row is now
     * @throws StaleBookException when the row is not at the revision of {@code before} any more: somebody wrote without the
     *     lock; or when a task has a row that it should not have
     */
    BookState apply(BookUpdate update);

    /**
     * Writes updates of different books.
     *
     * @return one for each update, in their order: the book as its row is now; empty if nothing of the update was written: its task has a
     *     row that it should not have, or the update is to be written alone
     * @throws StaleBookException as {@link #apply} does
     */
    default List<Optional<BookState>> applyAll(List<BookUpdate> updates) {
        return updates.stream().map(update -> Optional.of(apply(update))).toList();
    }

    /** Writes what {@code changed} says of the queue of a book: its hold, what waits, how far its feed reaches back. */
    default BookState save(BookState locked, BookState changed) {
        return apply(BookUpdate.ofQueue(locked, changed));
    }
}
