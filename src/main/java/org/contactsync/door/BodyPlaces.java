package org.contactsync.door;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.contactsync.protocol.Owner;
import org.contactsync.transport.Client;
import org.jspecify.annotations.Nullable;

/**
 * Places for bodies in transfer: a thread of the server waits for each. While all are taken, the slowest body of the users
 * with most is ended for a user who has fewer. So a user who sends one body at a time always gets a place, whatever others
 * hold. Thread-safe.
 */
final class BodyPlaces {
    static final int MOST = 64;
    static final int MOST_OF_USER = 8;

    /** Requests that wait for a place, with a thread each; per user, as many as it may have places. */
    static final int MOST_WAITING = 32;

    /** Bodies that were ended and whose threads have not noticed yet. */
    static final int MOST_ENDING = 24;

    /** A body that arrives at once is never ended: it takes less than a millisecond. */
    static final Duration YOUNG = Duration.ofMillis(250);

    /**
     * The only body of its user is ended after this time at the earliest, for a user who has none. It is less than such a
     * user waits, so that the user always gets a place. The slowest body goes first: a phone on a slow line is not slower
     * than an attacker who deliberately sends as little as allowed.
     */
    static final Duration ONLY_ONE = Duration.ofMillis(400);

    /** Between two checks whether a body is old enough. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private final Ending ending;
    private final LongSupplier nanos;

    private final List<Body> bodies = new ArrayList<>();
    private final Map<Owner, Integer> places = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final Set<Body> ended = new HashSet<>();

    /** Frees threads that wait for a client; {@code TransportWatch} implements it. */
    interface Ending {
        /** Makes threads that wait for bytes of the client fail, now and until {@link #letGo}. */
        void end(Client client);

        void letGo(Client client);
    }

    BodyPlaces(Ending ending, LongSupplier nanos) {
        this.ending = ending;
        this.nanos = nanos;
    }

    /** A body that has a place. Its thread reports the bytes that have arrived. */
    final class Body {
        private final Owner owner;
        private final Client client;
        private final long since;
        private volatile long bytes;
        private volatile long held;
        private volatile boolean isEnded;

        private Body(Owner owner, Client client) {
            this.owner = owner;
            this.client = client;
            since = nanos.getAsLong();
        }

        /** @param inMemory how many of the bytes that have arrived are held */
        void recordReceived(long sum, long inMemory) {
            bytes = sum;
            held = inMemory;
        }

        /** Whether it had to give up its place: the rest of it is not read. */
        boolean isEnded() {
            return isEnded;
        }

        private Duration age(long now) {
            return Duration.ofNanos(now - since);
        }

        private double rate(long now) {
            return bytes / (double) Math.max(1, now - since);
        }

        /** Its cost so far: bytes held, times time. */
        private double cost(long now) {
            return (double) held * (now - since);
        }
    }

    private static final class Waiting {
        private final Owner owner;
        private final Client client;
        private final CountDownLatch decided = new CountDownLatch(1);
        private @Nullable Body given;

        Waiting(Owner owner, Client client) {
            this.owner = owner;
            this.client = client;
        }
    }

    /**
     * Takes a place, at once or after a wait of at most {@code most}; empty if there is none. The caller must release it.
     */
    Optional<Body> enter(Owner owner, Client client, Duration most) throws InterruptedException {
        Waiting own = new Waiting(owner, client);
        synchronized (this) {
            Body body = enterNow(owner, client);
            if (body != null || !mayWait(owner)) {
                return Optional.ofNullable(body);
            }
            waiting.add(own);
        }
        try {
            long end = nanos.getAsLong() + most.toNanos();
            while (nanos.getAsLong() < end && !own.decided.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
                admit();
            }
        } catch (InterruptedException e) {
            withdraw(own).ifPresent(this::leave);
            throw e;
        }
        return withdraw(own);
    }

    /** Releases a place. */
    synchronized void leave(Body body) {
        if (ended.remove(body)) {
            ending.letGo(body.client);
        } else {
            remove(body);
        }
        admit();
    }

    /**
     * Ends the body that has cost most memory, if that is far more than the cost of {@code own}.
     *
     * @return whether some memory will be released soon
     */
    synchronized boolean endCostlierThan(Body own) {
        long now = nanos.getAsLong();
        Body costliest = own;
        for (Body each : bodies) {
            if (each.cost(now) > costliest.cost(now)) {
                costliest = each;
            }
        }
        if (!costliest.owner.equals(own.owner)
                && costliest.cost(now) > 2 * own.cost(now)
                && costliest.age(now).compareTo(YOUNG) >= 0
                && ended.size() < MOST_ENDING) {
            end(costliest);
        }
        return !ended.isEmpty();
    }

    /** Whether the user has as many places as one user may have. */
    synchronized boolean hasMost(Owner owner) {
        return placesOf(owner) >= MOST_OF_USER;
    }

    private @Nullable Body enterNow(Owner owner, Client client) {
        int own = placesOf(owner);
        if (own >= MOST_OF_USER || (bodies.size() >= MOST && !makeRoom(own))) {
            return null;
        }
        Body body = new Body(owner, client);
        bodies.add(body);
        places.merge(owner, 1, Integer::sum);
        return body;
    }

    /** @param own the number of places of the user who needs one */
    private boolean makeRoom(int own) {
        if (ended.size() >= MOST_ENDING) {
            return false;
        }
        long now = nanos.getAsLong();
        Body slowest = null;
        int most = 0;
        for (Body each : bodies) {
            int places = placesOf(each.owner);
            boolean worse = places > most || (places == most && slowest != null && each.rate(now) < slowest.rate(now));
            if (worse && mayEnd(each, places, own, now)) {
                slowest = each;
                most = places;
            }
        }
        if (slowest == null) {
            return false;
        }
        end(slowest);
        return true;
    }

    private static boolean mayEnd(Body body, int places, int own, long now) {
        boolean onlyOne = own == 0 && places == 1;
        return (places > own + 1 || onlyOne) && body.age(now).compareTo(onlyOne ? ONLY_ONE : YOUNG) >= 0;
    }

    private void end(Body body) {
        remove(body);
        ended.add(body);
        body.isEnded = true;
        ending.end(body.client);
    }

    private void remove(Body body) {
        bodies.remove(body);
        places.computeIfPresent(body.owner, (owner, number) -> number == 1 ? null : number - 1);
    }

    /** Gives places to waiting requests: first to the user who has fewest, then to the one who came first. */
    private synchronized void admit() {
        while (true) {
            Waiting next = null;
            for (Waiting each : waiting) {
                if (next == null || placesOf(each.owner) < placesOf(next.owner)) {
                    next = each;
                }
            }
            Body body = next == null ? null : enterNow(next.owner, next.client);
            if (next == null || body == null) {
                return;
            }
            next.given = body;
            decide(next);
        }
    }

    /** Whether the request may wait; if necessary, it takes the place of a waiting request of a user with more. */
    private boolean mayWait(Owner owner) {
        int own = placesOf(owner) + waitingOf(owner);
        if (waitingOf(owner) >= MOST_OF_USER) {
            return false;
        }
        if (waiting.size() < MOST_WAITING) {
            return true;
        }
        Waiting greediest = null;
        int most = own + 1;
        for (Waiting each : waiting) {
            int wants = placesOf(each.owner) + waitingOf(each.owner);
            if (wants > most) {
                greediest = each;
                most = wants;
            }
        }
        if (greediest != null) {
            decide(greediest);
        }
        return greediest != null;
    }

    private void decide(Waiting decided) {
        waiting.remove(decided);
        decided.decided.countDown();
    }

    private synchronized Optional<Body> withdraw(Waiting own) {
        waiting.remove(own);
        return Optional.ofNullable(own.given);
    }

    private int placesOf(Owner owner) {
        return places.getOrDefault(owner, 0);
    }

    private int waitingOf(Owner owner) {
        int number = 0;
        for (Waiting each : waiting) {
            number += each.owner.equals(owner) ? 1 : 0;
        }
        return number;
    }
}
