package org.contactsync.webhook.work;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.webhook.Deliveries.Part;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;

/**
 * Says which book an endpoint is told of next: one that was just told of and may have more, one of which there is a hint, one that a walk
 * through all books has found. These three take turns, and in each the first to come is the first to go: a book that changes without end
 * keeps no other one waiting. A book whose rows are damaged is left for the next walk; one for which the database failed stays where it is,
 * until it has failed there several times.
 * One thread at a time, except for the hints.
 */
final class BookQueue {
    /** Books that one statement compares with their cursors: some milliseconds. */
    private static final int BOOKS = 2_000;

    /** Books to look at again: some hundred bytes each. Another one is found by the next walk. */
    private static final int MOST_AGAIN = 4_000;

    /** Failures at one book after which its rows are taken to be damaged; until the database does not fail there. */
    private static final int MOST_FAILURES = 3;

    /** Books whose failures are counted. If the database fails at more of them, it is not for their rows. */
    private static final int MOST_FAILING = 100;

    /** Books to look at again, hints, walk. */
    private static final int SOURCES = 3;

    /** Between two walks; as long as the last one took if that is longer and it has found nothing. */
    private static final Duration REST = Duration.ofSeconds(10);

    /** Between two parts of a walk, whatever is sent meanwhile: a little less than the time between two turns of an endpoint at rest. */
    private static final Duration PART = Duration.ofMillis(950);

    private static final FailureLog LOG = FailureLog.of(BookQueue.class);

    private final WebhookTransaction transaction;
    private final Hints hints = new Hints();
    private final Deque<Long> found = new ArrayDeque<>();
    private final Set<Long> again = new LinkedHashSet<>();

    /** By ids of books, and by owners of those of which there is a hint. */
    private final Map<Object, Integer> failures = new HashMap<>();

    private int turn;
    private boolean walking;
    private long place;
    private long nextWalk;
    private long nextPart;
    private long walkStart;
    private boolean foundAny;
    private boolean leftOut;
    private Instant began = Instant.EPOCH;
    private Optional<Instant> covered = Optional.empty();

    BookQueue(WebhookTransaction transaction, long nanos) {
        this.transaction = transaction;
        nextWalk = nanos;
        nextPart = nanos;
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
        nextPart = nanos;
        covered = Optional.empty();
    }

    /** What changed before then has been looked at; empty until a walk has ended that left no book out. */
    Optional<Instant> covered() {
        return covered;
    }

    /** Looks at the book again, after those that wait for that already. */
    void again(long book) {
        if (again.size() < MOST_AGAIN) {
            again.add(book);
        }
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
            next = look(endpoint, book);
            again.remove(book);
        }
        return next;
    }

    private Optional<Delivery> hinted(EndpointState endpoint) {
        Optional<Delivery> next = Optional.empty();
        for (Optional<Owner> hint = hints.take(); hint.isPresent(); hint = hints.take()) {
            next = look(endpoint, hint.get());
            if (next.isPresent()) {
                break;
            }
        }
        return next;
    }

    /** Goes on with the walk until it finds something: otherwise it would go one part further with each attempt of an endpoint in trouble. */
    void lookAhead(EndpointState endpoint, long nanos, Instant time) {
        if (found.isEmpty()) {
            walk(endpoint, nanos, time);
        }
    }

    private Optional<Delivery> walked(EndpointState endpoint, long nanos, Instant time) {
        lookAhead(endpoint, nanos, time);
        Optional<Delivery> next = Optional.empty();
        while (next.isEmpty() && !found.isEmpty()) {
            next = look(endpoint, found.getFirst());
            found.removeFirst();
        }
        return next;
    }

    private Optional<Delivery> look(EndpointState endpoint, long book) {
        return look(endpoint, book, "book=" + book, () -> transaction.next(endpoint, book));
    }

    private Optional<Delivery> look(EndpointState endpoint, Owner owner) {
        String key = owner.key();
        try {
            return look(endpoint, owner, "owner=" + key, () -> transaction.nextOf(endpoint, key));
        } catch (RuntimeException e) {
            hints.add(owner);
            throw e;
        }
    }

    private Optional<Delivery> look(
            EndpointState endpoint, Object book, String name, Supplier<Optional<Delivery>> next) {
        try {
            Optional<Delivery> delivery = next.get();
            failures.remove(book);
            return delivery;
        } catch (IllegalArgumentException e) {
            return damaged(endpoint, name, e);
        } catch (RuntimeException e) {
            if (count(book) < MOST_FAILURES) {
                throw e;
            }
            return damaged(endpoint, name, e);
        }
    }

    private int count(Object book) {
        if (failures.size() >= MOST_FAILING && !failures.containsKey(book)) {
            failures.clear();
        }
        return failures.merge(book, 1, Integer::sum);
    }

    private Optional<Delivery> damaged(EndpointState endpoint, String book, RuntimeException failure) {
        leftOut = true;
        LOG.error("webhooks left out a damaged book", "endpoint=" + endpoint.name() + " " + book, failure);
        return Optional.empty();
    }

    /** One part, if its time has come. */
    private void walk(EndpointState endpoint, long nanos, Instant time) {
        if (nanos - nextPart < 0) {
            return;
        }
        if (!walking) {
            if (nanos - nextWalk < 0) {
                return;
            }
            walking = true;
            place = 0;
            began = time;
            walkStart = nanos;
            foundAny = false;
            leftOut = false;
        }
        nextPart = nanos + PART.toNanos();
        Part part = transaction.walk(endpoint, place, BOOKS);
        found.addAll(part.books());
        foundAny |= !part.books().isEmpty();
        if (part.last().isPresent()) {
            place = part.last().getAsLong();
        } else {
            walking = false;
            nextWalk = nanos + Math.max(REST.toNanos(), foundAny ? 0 : nanos - walkStart);
            if (!leftOut) {
                covered = Optional.of(began);
            }
        }
    }

    /** Whether there is more to look at now; the next part of a walk has time. */
    boolean hasMore() {
        return !found.isEmpty() || !hints.isEmpty() || !again.isEmpty();
    }
}
