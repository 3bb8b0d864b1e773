package org.contactsync.sync;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.SyncTask;

/** A locked book of which the test says what it is and when. */
record TestLocked(Locked locked, BookState book, Instant now, Function<Collection<Uid>, Map<Uid, Mark>> marks)
        implements Locked {
    TestLocked(Locked locked, BookState book, Instant now) {
        this(locked, book, now, locked::marks);
    }

    @Override
    public Optional<SyncTask> task(TaskId id) {
        return locked.task(id);
    }

    @Override
    public boolean mayHaveBeenErased() {
        return locked.mayHaveBeenErased();
    }

    @Override
    public Map<Uid, Mark> marks(Collection<Uid> uids) {
        return marks.apply(uids);
    }
}
