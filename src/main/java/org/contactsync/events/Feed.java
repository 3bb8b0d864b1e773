package org.contactsync.events;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.jspecify.annotations.Nullable;

/**
 * The latest known state of one owner's book, and who listens to it. Thread-safe, except for what is said to belong to the thread that
 * writes.
 */
final class Feed {
    private final Owner owner;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Whether it waits to be told. */
    private final AtomicBoolean queued = new AtomicBoolean();

    private @Nullable Subscription subscription;

    // guarded by this
    private @Nullable BookNews latest;
    private long deviceSince;
    private long version;
    private boolean doubtful;

    // of the thread that writes
    long dueAt;
    boolean delayed;
    long lookAt;

    Feed(Owner owner, long dueAt, long lookAt) {
        this.owner = owner;
        this.dueAt = dueAt;
        this.lookAt = lookAt;
    }

    Owner owner() {
        return owner;
    }

    List<Listener> listeners() {
        return listeners;
    }

    void subscribed(Subscription to) {
        subscription = to;
    }

    void unsubscribe() {
        if (subscription != null) {
            subscription.close();
        }
    }

    /** Whether it was not queued before. */
    boolean queue() {
        return queued.compareAndSet(false, true);
    }

    void taken() {
        queued.set(false);
    }

    /** Takes an event, which may come twice, late, or never. Whether there is something to tell. */
    synchronized boolean changed(BookChanged event) {
        version++;
        BookNews before = latest;
        BookNews now = new BookNews(event.seq(), event.checkCode(), event.device());
        if (before != null && now.seq() <= before.seq()) {
            // Late, or the database is older than it was: the next look says which.
            doubtful |= now.seq() == before.seq() && !now.sameState(before);
            doubtful |= now.seq() < before.seq();
            return false;
        }
        boolean sameDevice = before != null
                && now.seq() == before.seq() + 1
                && before.device().isPresent()
                && before.device().equals(now.device());
        if (!sameDevice) {
            deviceSince = now.seq() - 1;
        }
        latest = now;
        return true;
    }

    /** Takes what a listener was told at its beginning, as the database has it. Whether others are to be told. */
    synchronized boolean begun(BookNews told) {
        BookNews before = latest;
        if (before == null || told.seq() > before.seq()) {
            latest = told;
            deviceSince = told.seq();
            return before != null;
        }
        doubtful |= !told.sameState(before);
        return !told.sameState(before);
    }

    /** To be given to {@link #looked}. */
    synchronized long version() {
        return version;
    }

    /**
     * Takes what the database says. It is right, even if it is older than what is known, unless something has happened since.
     *
     * @param since the {@link #version} before the look
     * @return whether there is something to tell
     */
    synchronized boolean looked(BookNews found, long since) {
        BookNews before = latest;
        if (version != since || (before != null && before.sameState(found))) {
            return false;
        }
        latest = found;
        deviceSince = found.seq();
        return true;
    }

    /** Whether a look should come soon; asked once. */
    synchronized boolean isDoubtful() {
        boolean was = doubtful;
        doubtful = false;
        return was;
    }

    /**
     * What a listener is to be told; empty if it knows it.
     *
     * @param told what it was told last
     */
    synchronized Optional<BookNews> newsFor(BookNews told) {
        BookNews now = latest;
        if (now == null || now.sameState(told)) {
            return Optional.empty();
        }
        boolean known = told.seq() >= deviceSince && told.seq() < now.seq();
        Optional<DeviceId> device = known ? now.device() : Optional.empty();
        return Optional.of(new BookNews(now.seq(), now.checkCode(), device));
    }
}
