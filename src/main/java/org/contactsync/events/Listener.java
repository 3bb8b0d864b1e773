package org.contactsync.events;

import java.util.Optional;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.DeviceId;
import org.jspecify.annotations.Nullable;

/** One client that listens, or whose answer is about to begin. */
final class Listener {
    private final Feed feed;
    private final Optional<DeviceId> device;
    private final long admittedAt;
    private final long endsAt;

    /** Set once, by the request; what it was told until then is set before. */
    private volatile @Nullable EventConnection connection;

    // of the thread that writes, once there is a connection
    private @Nullable BookNews told;
    private long wroteAt;

    /** @param endsAt when its token ends, as {@link System#nanoTime} */
    Listener(Feed feed, Optional<DeviceId> device, long now, long endsAt) {
        this.feed = feed;
        this.device = device;
        admittedAt = now;
        this.endsAt = endsAt;
    }

    Feed feed() {
        return feed;
    }

    Optional<DeviceId> device() {
        return device;
    }

    /** Since it was admitted, in nanoseconds. */
    long age(long now) {
        return now - admittedAt;
    }

    boolean hasEnded(long now) {
        return now - endsAt >= 0;
    }

    /** Its answer has begun. */
    void begin(EventConnection way, BookNews first, long now) {
        told = first;
        wroteAt = now;
        connection = way;
    }

    @Nullable
    EventConnection connection() {
        return connection;
    }

    /** What it was told last; empty before it has begun. */
    Optional<BookNews> told() {
        return connection == null ? Optional.empty() : Optional.ofNullable(told);
    }

    long wroteAt() {
        return wroteAt;
    }

    void wrote(long now) {
        wroteAt = now;
    }

    void wrote(BookNews news, long now) {
        told = news;
        wroteAt = now;
    }
}
