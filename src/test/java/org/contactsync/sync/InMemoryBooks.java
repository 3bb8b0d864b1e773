package org.contactsync.sync;

import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.Contacts.Mark;
import org.contactsync.sync.Contacts.Writes;

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
                        rows.books.size() + 1L,
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
        return new Locked(book, store.now());
    }

    /** One transaction at a time: nobody else can have the lock. */
    @Override
    public Locked lockNow(Owner owner, TaskId task, Optional<Uid> touched) {
        Locked locked = lock(owner);
        BookState book = locked.book();
        Map<Uid, Optional<Mark>> seen = new HashMap<>();
        touched.ifPresent(uid -> seen.put(
                uid,
                Optional.ofNullable(store.contacts()
                        .marks(book.id(), book.generation(), List.of(uid))
                        .get(uid))));
        return new Locked(book, locked.now(), !store.rows().tasks.containsKey(task), seen);
    }

    @Override
    public Optional<BookState> read(Owner owner) {
        return Optional.ofNullable(store.rows().books.get(owner.key()));
    }

    @Override
    public BookState save(BookState locked, BookState changed) {
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

    @Override
    public void save(BookState locked, BookState changed, Writes writes, SyncTask done) {
        if (store.rows().tasks.containsKey(done.id())) {
            throw new StaleBookException(locked.id(), locked.revision());
        }
        save(locked, changed);
        store.contacts().write(locked.id(), changed.generation(), writes);
        store.tasks().insert(done);
    }
}
