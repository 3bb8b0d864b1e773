package org.contactsync.sync;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.Contacts.Mark;
import org.contactsync.sync.Contacts.Writes;

/** The rows of books. Every method needs a running transaction, except {@link #read}. */
public interface Books {
    /**
     * Locks the owner's book until the transaction ends; makes it, empty and with a new random key, when it is not there.
     * Whoever writes anything of a book does this first.
     */
    Locked lock(Owner owner);

    /**
     * The same without waiting.
     *
     * @param task looked for in the same statement, where the database can do that
     * @param touched a contact that is read in the same statement, where the database can do that
     * @throws BookBusyException when another transaction has the lock; this one must be rolled back
     */
    Locked lockNow(Owner owner, TaskId task, Optional<Uid> touched);

    /**
     * A book that the caller's transaction has locked.
     *
     * @param now the database's time when the transaction asked for the lock: the one clock that all instances share
     * @param unseen there was no row of the task when the transaction asked for the lock; whether one was added before it got the
     *     lock shows when it adds one itself
     * @param seen contacts of the book, as they are now that it is locked, and uids that have no row; of others nothing is known
     */
    record Locked(BookState book, Instant now, boolean unseen, Map<Uid, Optional<Mark>> seen) {
        /** A book of which nothing else is known. */
        public Locked(BookState book, Instant now) {
            this(book, now, false, Map.of());
        }
    }

    /** The book as it is now, without a lock; empty when the owner never had one. */
    Optional<BookState> read(Owner owner);

    /**
     * Writes what {@code changed} says over the row that was read as {@code locked}.
     *
     * @return the book with its new revision
     * @throws StaleBookException when the row is not at that revision any more: somebody wrote without the lock
     */
    BookState save(BookState locked, BookState changed);

    /**
     * The same, together with contacts of its generation and the row of the task that has done it.
     *
     * @param done an incremental task without a row
     * @throws StaleBookException also when the task has a row
     */
    void save(BookState locked, BookState changed, Writes writes, SyncTask done);
}
