package org.contactsync.webhook.work;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.contactsync.protocol.Owner;
import org.contactsync.webhook.Deliveries.Part;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;

/**
 * Says which book an endpoint is told of next: one that was just told of and may have more, one of which there is a hint, one that a walk
 * through all books has found. One thread at a time, except for the hints.
 */
final class BookQueue {
    /** Books that one statement compares with their cursors: some milliseconds. */
    private static final int BOOKS = 2_000;

    /** Between two walks. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final WebhookTransaction transaction;
    private final Hints hints = new Hints();
    private final Deque<Long> found = new ArrayDeque<>();
    private Optional<Long> last = Optional.empty();
    private boolean walking;
    private long place;
    private long nextWalk;
    private Instant began = Instant.EPOCH;
    private Optional<Instant> covered = Optional.empty();

    BookQueue(WebhookTransaction transaction, long nanos) {
        this.transaction = transaction;
        nextWalk = nanos;
    }

    Hints hints() {
        return hints;
    }

    /** Begins anew: another instance has delivered meanwhile, or may have. */
    void restart(long nanos) {
        found.clear();
        last = Optional.empty();
        walking = false;
        nextWalk = nanos;
        covered = Optional.empty();
    }

    /** What changed before then has been looked at; empty until a walk has ended. */
    Optional<Instant> covered() {
        return covered;
    }

    /** Looks at the book again before others. */
    void again(long book) {
        last = Optional.of(book);
    }

    /**
     * The next delivery; empty when there is none now.
     *
     * @param time the database's
     */
    Optional<Delivery> next(EndpointState endpoint, long nanos, Instant time) {
        Optional<Delivery> next = last.flatMap(book -> transaction.next(endpoint, book));
        last = Optional.empty();
        for (Optional<Owner> hint = hint(next); next.isEmpty() && hint.isPresent(); hint = hint(next)) {
            next = transaction.nextOf(endpoint, hint.get().key());
        }
        if (next.isEmpty() && found.isEmpty()) {
            walk(endpoint, nanos, time);
        }
        while (next.isEmpty() && !found.isEmpty()) {
            next = transaction.next(endpoint, found.removeFirst());
        }
        return next;
    }

    private Optional<Owner> hint(Optional<Delivery> next) {
        return next.isPresent() ? Optional.empty() : hints.take();
    }

    /** One step. */
    private void walk(EndpointState endpoint, long nanos, Instant time) {
        if (!walking) {
            if (nanos - nextWalk < 0) {
                return;
            }
            walking = true;
            place = 0;
            began = time;
        }
        Part part = transaction.walk(endpoint, place, BOOKS);
        found.addAll(part.books());
        if (part.last().isPresent()) {
            place = part.last().getAsLong();
        } else {
            walking = false;
            nextWalk = nanos + REST.toNanos();
            covered = Optional.of(began);
        }
    }

    /** Whether there is more to look at now; the next part of a walk has time. */
    boolean hasMore() {
        return !found.isEmpty() || !hints.isEmpty() || last.isPresent();
    }
}
