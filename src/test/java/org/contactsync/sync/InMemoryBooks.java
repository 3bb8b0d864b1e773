package org.contactsync.sync;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.SyncTask;

/** Books in memory. */
final class InMemoryBooks implements Books {
    private final InMemoryStore store;
    private final SecureRandom random = new SecureRandom();

    InMemoryBooks(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Locked lock(Owner owner) {
        InMemoryRows rows = store.writing();
        BookState book = rows.books.computeIfAbsent(
                owner.key(),
                key -> new BookState(
                        rows.nextBook(),
                        owner,
                        CheckKey.random(random),
                        0,
                        0,
                        BookDigest.EMPTY,
                        OptionalLong.of(0),
                        0,
                        0,
                        0,
                        Optional.empty(),
                        0));
        return new LockedInMemory(store, book, store.now());
    }

    private record LockedInMemory(InMemoryStore store, BookState book, Instant now) implements Locked {
        @Override
        public Optional<SyncTask> task(TaskId id) {
            return store.tasks().find(id);
        }

        @Override
        public Map<Uid, Mark> marks(Collection<Uid> uids) {
            return store.contacts().marks(book.id(), book.generation(), uids);
        }

        @Override
        public boolean mayHaveBeenErased() {
            return store.rows().erased();
        }
    }

    /** One transaction at a time: nobody else can have the lock. */
    @Override
    public Locked lockNow(Owner owner, Wanted wanted) {
        return lock(owner);
    }

    @Override
    public List<Optional<Locked>> lockFree(List<Claim> claims) {
        return claims.stream()
                .map(claim -> lockExistingNow(claim.owner(), claim.wanted()))
                .toList();
    }

    @Override
    public Optional<BookState> read(Owner owner) {
        return Optional.ofNullable(store.rows().books.get(owner.key()));
    }

    @Override
    public BookState apply(BookUpdate update) {
        BookState before = update.before();
        if (update.ended().stream()
                .anyMatch(ended -> !ended.hasRow()
                        && store.rows().tasks.containsKey(ended.task().id()))) {
            throw new StaleBookException(before.id(), before.revision());
        }
        BookState saved = update.writesBook() ? writeRow(before, update.after()) : before;
        update.contacts().slices().forEach(slice -> {
            store.inMemoryHistory().keep(before, saved.seq(), slice);
            store.inMemoryContacts().write(before.id(), saved.generation(), slice);
        });
        if (update.contacts() instanceof ContactChanges.Switched switched) {
            store.inMemoryHistory().retire(update, switched);
        }
        update.cause().ifPresent(cause -> store.inMemoryHistory().note(update, cause));
        update.ended().forEach(ended -> {
            if (ended.hasRow()) {
                store.tasks().update(ended.task());
            } else {
                store.tasks().insert(ended.task());
            }
        });
        store.inMemoryHistory().look(update);
        return saved;
    }

    void forgetCardBytes(long id) {
        store.writing()
                .books
                .replaceAll((key, book) -> book.id() == id
                        ? new BookState(
                                book.id(),
                                book.owner(),
                                book.key(),
                                book.generation(),
                                book.lastGeneration(),
                                book.digest(),
                                OptionalLong.empty(),
                                book.seq(),
                                book.changesFrom(),
                                book.openTasks(),
                                book.hold(),
                                book.revision())
                        : book);
    }

    private BookState writeRow(BookState locked, BookState changed) {
        String key = locked.owner().key();
        BookState row = store.writing().books.get(key);
        if (row == null || row.revision() != locked.revision()) {
            throw new StaleBookException(locked.id(), locked.revision());
        }
        BookState saved = new BookState(
                locked.id(),
                locked.owner(),
                locked.key(),
                changed.generation(),
                changed.lastGeneration(),
                changed.digest(),
                changed.cardBytes(),
                changed.seq(),
                changed.changesFrom(),
                changed.openTasks(),
                changed.hold()
                        .map(hold -> new BookState.Hold(
                                hold.task(), hold.leaseUntil().truncatedTo(ChronoUnit.MILLIS))),
                locked.revision() + 1);
        store.writing().books.put(key, saved);
        return saved;
    }
}
