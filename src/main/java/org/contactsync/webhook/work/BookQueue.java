package org.contactsync.webhook.work;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.contactsync.protocol.Owner;
import org.contactsync.webhook.Deliveries.Part;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;

/**
 * Says which book an endpoint is told of next: one that was just told of and may have more, one of which there is a hint, one that a walk
 * through all books has found. These three take turns, and in each the first to come is the first to go: a book that changes without end
 * keeps no other one waiting. One thread at a time, except for the hints.
 */
final class BookQueue {
    /** Books that one statement compares with their cursors: some milliseconds. */
    private static final int BOOKS = 2_000;

    /** Books to look at again, hints, walk. */
    private static final int SOURCES = 3;

    /** Between two walks. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final WebhookTransaction transaction;
    private final Hints hints = new Hints();
    private final Deque<Long> found = new ArrayDeque<>();
    private final Set<Long> again = new LinkedHashSet<>();
    private int turn;
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
        again.clear();
        walking = false;
        nextWalk = nanos;
        covered = Optional.empty();
    }

    /** What changed before then has been looked at; empty until a walk has ended. */
    Optional<Instant> covered() {
        return covered;
    }

    /** Looks at the book again, after those that wait for that already. */
    void again(long book) {
        again.add(book);
    }

    /**
     * The next delivery; empty when there is none now.
     *
     * @param time the database's
     */
    Optional<Delivery> next(EndpointState endpoint, long nanos, Instant time) {
        Optional<Delivery> next = Optional.empty();
        for (int tried = 0; tried < SOURCES && next.isEmpty(); tried++) {
            turn = (turn + 1) % SOURCES;
            next = switch (turn) {
                case 0 -> toldBefore(endpoint);
                case 1 -> hinted(endpoint);
                default -> walked(endpoint, nanos, time);
            };
        }
        return next;
    }

    private Optional<Delivery> toldBefore(EndpointState endpoint) {
        Optional<Delivery> next = Optional.empty();
        while (next.isEmpty() && !again.isEmpty()) {
            long book = again.iterator().next();
            again.remove(book);
            next = transaction.next(endpoint, book);
        }
        return next;
    }

    private Optional<Delivery> hinted(EndpointState endpoint) {
        Optional<Delivery> next = Optional.empty();
        for (Optional<Owner> hint = hints.take(); hint.isPresent(); hint = hints.take()) {
            next = transaction.nextOf(endpoint, hint.get().key());
            if (next.isPresent()) {
                break;
            }
        }
        return next;
    }

    private Optional<Delivery> walked(EndpointState endpoint, long nanos, Instant time) {
        if (found.isEmpty()) {
            walk(endpoint, nanos, time);
        }
        Optional<Delivery> next = Optional.empty();
        while (next.isEmpty() && !found.isEmpty()) {
            next = transaction.next(endpoint, found.removeFirst());
        }
        return next;
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
        return !found.isEmpty() || !hints.isEmpty() || !again.isEmpty();
    }
}
