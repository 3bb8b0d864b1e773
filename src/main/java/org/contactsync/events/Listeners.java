package org.contactsync.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.jspecify.annotations.Nullable;

/** Who listens in this instance: how many may, and what is to be told to whom. Thread-safe. */
final class Listeners {
    /** A refused client asks again after this time, so that it does not poll for a place. */
    static final Duration RETRY = Duration.ofSeconds(30);

    private final int most;
    private final int mostOfOwner;
    private final LongSupplier nanos;
    private final Subscribing subscribing;

    /** Feeds that have something to tell; each stands in it once. */
    private final Queue<Feed> dirty = new ConcurrentLinkedQueue<>();

    /** Listeners that are to be ended, by the thread that writes. */
    private final Queue<Removed> removed = new ConcurrentLinkedQueue<>();

    private volatile Runnable wake = () -> {};

    // guarded by this
    private final Map<Owner, Feed> feeds = new HashMap<>();
    private int count;
    private boolean closed;

    /** Has events of an owner told. */
    interface Subscribing {
        Subscription subscribe(Owner owner, Consumer<BookEvent> subscriber);
    }

    /** A listener that is counted no more, and why. */
    record Removed(Listener listener, Ended why) {}

    /**
     * @param most listeners in total
     * @param mostOfOwner listeners of one user
     */
    Listeners(int most, int mostOfOwner, LongSupplier nanos, Subscribing subscribing) {
        this.most = most;
        this.mostOfOwner = mostOfOwner;
        this.nanos = nanos;
        this.subscribing = subscribing;
    }

    /** @param waker called when the thread that writes has something to do */
    void wakeBy(Runnable waker) {
        wake = waker;
    }

    /**
     * Gives one a place. From now on no change of the book is missed.
     *
     * @param endsAt when its token ends
     * @throws ProblemException when there are too many
     */
    synchronized Listener admit(Owner owner, Optional<DeviceId> device, long endsAt) {
        if (closed) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.STOPPING, Duration.ofSeconds(1)));
        }
        Feed feed = feeds.get(owner);
        if (feed != null && feed.listeners().size() >= mostOfOwner) {
            replaceOldest(feed, device);
        }
        if (count >= most) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.TOO_MANY_LISTENERS, RETRY));
        }
        long now = nanos.getAsLong();
        if (feed == null || feed.listeners().isEmpty()) {
            feed = newFeed(owner, now);
        }
        Listener listener = new Listener(feed, device, now, endsAt);
        feed.listeners().add(listener);
        count++;
        return listener;
    }

    /** A phone that has changed its network left a connection that nobody can tell from a silent one. */
    private void replaceOldest(Feed feed, Optional<DeviceId> device) {
        Listener oldest = feed.listeners().stream()
                .filter(each -> device.isPresent() && each.device().equals(device))
                .findFirst()
                .orElseThrow(() -> new ProblemException(new Problem.QuotaExceeded(
                        Quota.EVENT_STREAMS, mostOfOwner, "this user has too many streams of events open", RETRY)));
        remove(oldest, Ended.REPLACED);
    }

    private Feed newFeed(Owner owner, long now) {
        Feed feed = new Feed(owner, now, now + EventWriter.LOOK.toNanos());
        feed.subscribed(subscribing.subscribe(owner, event -> {
            if (event instanceof BookChanged changed && feed.changed(changed)) {
                tell(feed);
            }
        }));
        feeds.put(owner, feed);
        return feed;
    }

    /** Its answer has begun; it was told {@code first}. */
    void begin(Listener listener, EventConnection connection, BookNews first) {
        listener.begin(connection, first, nanos.getAsLong());
        if (listener.feed().begun(first)) {
            tell(listener.feed());
        }
        if (!isCounted(listener)) {
            // It has lost its place before it began.
            connection.end();
        }
    }

    private synchronized boolean isCounted(Listener listener) {
        return listener.feed().listeners().contains(listener);
    }

    /** Has a feed told soon. */
    void tell(Feed feed) {
        if (feed.queue()) {
            dirty.add(feed);
            wake.run();
        }
    }

    /** Gives a place back; its connection, if there is one, is ended by the thread that writes. Whether it had a place. */
    synchronized boolean remove(Listener listener, Ended why) {
        Feed feed = listener.feed();
        if (!feed.listeners().remove(listener)) {
            return false;
        }
        count--;
        if (feed.listeners().isEmpty()) {
            feeds.remove(feed.owner());
            feed.unsubscribe();
        }
        removed.add(new Removed(listener, why));
        wake.run();
        return true;
    }

    /** Refuses further ones and ends all. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        for (Feed feed : feeds()) {
            feed.listeners().forEach(each -> remove(each, Ended.STOPPING));
        }
    }

    synchronized int size() {
        return count;
    }

    synchronized List<Feed> feeds() {
        return new ArrayList<>(feeds.values());
    }

    /** The next feed that has something to tell. */
    @Nullable
    Feed nextDirty() {
        Feed feed = dirty.poll();
        if (feed != null) {
            feed.taken();
        }
        return feed;
    }

    /** Takes those that are to be ended. */
    void takeRemoved(BiConsumer<Listener, Ended> end) {
        for (Removed next = removed.poll(); next != null; next = removed.poll()) {
            end.accept(next.listener(), next.why());
        }
    }
}
