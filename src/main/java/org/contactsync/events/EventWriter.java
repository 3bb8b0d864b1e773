package org.contactsync.events;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import org.contactsync.protocol.BookNews;

/** Writes to all listeners: what is new, and heartbeats; ends those that do not read, are gone, or have expired. One thread. */
final class EventWriter {
    /** Between two events of one book: whatever happens in between comes to one. */
    static final Duration WINDOW = Duration.ofMillis(250);

    /** Between two rounds over all listeners. */
    static final Duration ROUND = Duration.ofSeconds(1);

    /** Each listener's connection is looked at once in so many rounds: a client that has gone gives its place back by then. */
    static final int ROUNDS_OF_A_LOOK = 4;

    /** An answer that was about to begin and did not. */
    static final Duration BEGINNING = Duration.ofSeconds(30);

    /** Between two looks into the database: what a lost event costs. */
    static final Duration LOOK = Duration.ofSeconds(60);

    /** The most feeds of one round, however few there are; with more, a share that reaches all of them within {@link #LOOK}. */
    static final int MOST_LOOKED_AT = 500;

    private final Listeners listeners;
    private final Duration heartbeat;
    private final BiConsumer<Listener, Ended> ended;
    private final Runnable sent;
    private final PriorityQueue<Feed> delayed = new PriorityQueue<>(Comparator.comparingLong(feed -> feed.dueAt));
    private long nextRound;
    private long nextLooks;
    private int round;

    /**
     * @param sent counts an event
     * @param ended counts a stream that has ended
     */
    EventWriter(Listeners listeners, Duration heartbeat, long now, Runnable sent, BiConsumer<Listener, Ended> ended) {
        this.listeners = listeners;
        this.heartbeat = heartbeat;
        this.sent = sent;
        this.ended = ended;
        nextRound = now;
        nextLooks = now;
    }

    /**
     * Does what is due.
     *
     * @return how many nanoseconds it may take until it is called again, if it is not woken
     */
    long run(long now) {
        listeners.takeRemoved(this::end);
        for (Feed feed = listeners.nextDirty(); feed != null; feed = listeners.nextDirty()) {
            if (feed.delayed) {
                continue;
            }
            if (feed.dueAt - now <= 0) {
                tell(feed, now);
            } else {
                feed.delayed = true;
                delayed.add(feed);
            }
        }
        for (Feed feed = delayed.peek(); feed != null && feed.dueAt - now <= 0; feed = delayed.peek()) {
            delayed.remove();
            feed.delayed = false;
            tell(feed, now);
        }
        if (nextRound - now <= 0) {
            nextRound = now + ROUND.toNanos();
            round++;
            listeners.feeds().forEach(feed -> feed.listeners().forEach(each -> lookAt(each, now)));
        }
        listeners.takeRemoved(this::end);
        Feed next = delayed.peek();
        return Math.max(0, next == null ? nextRound - now : Math.min(nextRound, next.dueAt) - now);
    }

    /** Feeds whose books are to be looked at in the database now; once in a round. */
    List<Feed> dueLooks(long now) {
        List<Feed> due = new ArrayList<>();
        if (nextLooks - now > 0) {
            return due;
        }
        nextLooks = now + ROUND.toNanos();
        List<Feed> feeds = listeners.feeds();
        int most = Math.max(MOST_LOOKED_AT, (int) (2 * feeds.size() * ROUND.toSeconds() / LOOK.toSeconds()));
        for (Feed feed : feeds) {
            if (due.size() == most) {
                break;
            }
            if (feed.isDoubtful() || feed.lookAt - now <= 0) {
                feed.lookAt = now + LOOK.toNanos();
                due.add(feed);
            }
        }
        return due;
    }

    private void tell(Feed feed, long now) {
        boolean told = false;
        for (Listener listener : feed.listeners()) {
            Optional<BookNews> news = listener.told().flatMap(feed::newsFor);
            if (news.isPresent() && write(listener, EventText.of(news.get()))) {
                listener.wrote(news.get(), now);
                sent.run();
                told = true;
            }
        }
        if (told) {
            feed.dueAt = now + WINDOW.toNanos();
        }
    }

    private void lookAt(Listener listener, long now) {
        EventConnection connection = listener.connection();
        if (listener.hasEnded(now)) {
            listeners.remove(listener, Ended.EXPIRED);
        } else if (connection == null) {
            if (listener.age(now) >= BEGINNING.toNanos()) {
                listeners.remove(listener, Ended.UNUSED);
            }
        } else if (Math.floorMod(System.identityHashCode(listener) + round, ROUNDS_OF_A_LOOK) == 0
                && connection.isGone()) {
            listeners.remove(listener, Ended.GONE);
        } else if (now - listener.wroteAt() >= heartbeat.toNanos() && write(listener, EventText.HEARTBEAT)) {
            listener.wrote(now);
        }
    }

    private boolean write(Listener listener, String text) {
        EventConnection connection = listener.connection();
        if (connection == null) {
            return false;
        }
        try {
            if (connection.send(text)) {
                return true;
            }
            listeners.remove(listener, Ended.DEAF);
        } catch (IOException e) {
            listeners.remove(listener, Ended.GONE);
        }
        return false;
    }

    private void end(Listener listener, Ended why) {
        EventConnection connection = listener.connection();
        if (connection != null && (why == Ended.DEAF || why == Ended.GONE)) {
            connection.cut();
        } else if (connection != null) {
            connection.end();
        }
        ended.accept(listener, why);
    }
}
