package org.contactsync.sync.apply;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.SyncTask;

/**
 * A locked book that the steps of a series write one after the other. The contacts of all steps behind the first one are read
 * together; a contact that a step has written is read again. Runs in the caller's transaction, one thread at a time.
 */
public final class SeriesBook implements Locked {
    private final Locked locked;
    private final Contacts contacts;
    private final SeriesFeed feed;
    private final Set<Uid> later = new HashSet<>();
    private final Set<Uid> written = new HashSet<>();
    private BookState book;
    private boolean moved;
    private Optional<Map<Uid, Mark>> read = Optional.empty();
    private Optional<Boolean> mayHaveBeenErased = Optional.empty();

    /**
     * @param locked the book before the first step
     * @param feed of that book; it moves on with it
     */
    public SeriesBook(Locked locked, Contacts contacts, SeriesFeed feed, Series series) {
        this.locked = locked;
        this.contacts = contacts;
        this.feed = feed;
        book = locked.book();
        for (ApplyChanges step : series.steps().subList(1, series.steps().size())) {
            step.sync().changes().stream().map(Change::uid).forEach(later::add);
        }
    }

    /**
     * A step has been written.
     *
     * @param saved the book as its row is now
     */
    public void moveOn(BookUpdate update, BookState saved) {
        if (update.contacts() instanceof ContactChanges.Few few) {
            few.writes().contacts().stream().map(StoredContact::uid).forEach(written::add);
        }
        feed.moveOn(update);
        book = saved;
        moved = true;
    }

    /** As the latest step has left it. */
    @Override
    public BookState book() {
        return book;
    }

    @Override
    public Instant now() {
        return locked.now();
    }

    @Override
    public Optional<SyncTask> task(TaskId id) {
        return locked.task(id);
    }

    @Override
    public Map<Uid, Mark> marks(Collection<Uid> uids) {
        if (!moved) {
            return locked.marks(uids);
        }
        if (!later.containsAll(uids) || !Collections.disjoint(written, uids)) {
            return contacts.marks(book.id(), book.generation(), uids);
        }
        Map<Uid, Mark> all = read.orElseGet(this::readLater);
        read = Optional.of(all);
        Map<Uid, Mark> found = new HashMap<>();
        for (Uid uid : uids) {
            Mark mark = all.get(uid);
            if (mark != null) {
                found.put(uid, mark);
            }
        }
        return found;
    }

    private Map<Uid, Mark> readLater() {
        return contacts.marks(book.id(), book.generation(), List.copyOf(later));
    }

    /** Asked once: who erases the book needs its lock. */
    @Override
    public boolean mayHaveBeenErased() {
        boolean answer = mayHaveBeenErased.orElseGet(locked::mayHaveBeenErased);
        mayHaveBeenErased = Optional.of(answer);
        return answer;
    }
}
