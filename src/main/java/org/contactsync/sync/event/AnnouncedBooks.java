package org.contactsync.sync.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;

/** Announces every update of a book. All code that changes contacts or ends tasks works with this class. Thread-safe. */
public final class AnnouncedBooks implements Books {
    private final Books books;
    private final Announcements announcements;

    public AnnouncedBooks(Books books, Announcements announcements) {
        this.books = books;
        this.announcements = announcements;
    }

    @Override
    public Locked lock(Owner owner) {
        return books.lock(owner);
    }

    @Override
    public Locked lockNow(Owner owner, Wanted wanted) {
        return books.lockNow(owner, wanted);
    }

    @Override
    public Optional<Locked> lockExisting(Owner owner) {
        return books.lockExisting(owner);
    }

    @Override
    public Optional<Locked> lockExistingNow(Owner owner, Wanted wanted) {
        return books.lockExistingNow(owner, wanted);
    }

    @Override
    public List<Optional<Locked>> lockFree(List<Claim> claims) {
        return books.lockFree(claims);
    }

    @Override
    public Optional<BookState> read(Owner owner) {
        return books.read(owner);
    }

    @Override
    public BookState apply(BookUpdate update) {
        BookState saved = books.apply(update);
        List<BookEvent> events = BookEvent.of(update);
        if (!events.isEmpty()) {
            announcements.announce(events);
        }
        return saved;
    }

    @Override
    public List<Optional<BookState>> applyAll(List<BookUpdate> updates) {
        List<Optional<BookState>> saved = books.applyAll(updates);
        List<BookEvent> events = new ArrayList<>();
        for (int i = 0; i < updates.size(); i++) {
            if (saved.get(i).isPresent()) {
                events.addAll(BookEvent.of(updates.get(i)));
            }
        }
        if (!events.isEmpty()) {
            announcements.announce(List.copyOf(events));
        }
        return saved;
    }
}
