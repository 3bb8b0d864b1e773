package org.contactsync.bounds;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.contactsync.protocol.Owner;

/**
 * Places for work in progress, limited in total and per user. The fewer are free, the fewer one user may have, so that many
 * users who want all they can get leave some: a single user gets its maximum, and each further one the same share of the
 * rest. A user who has none may take the last one. Thread-safe.
 */
public final class UserPlaces {
    private final int mostOfOne;
    /** One user may have the free places divided by this number; 0 if one user may have all places. */
    private final int parts;

    private final Map<Owner, Integer> taken = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int free;

    /** The result of asking for a place. */
    public enum Grant {
        GIVEN,
        /** The user has as many as one user may have. */
        USER_HAS_MOST,
        /** None is free, or the few free ones are reserved for users who have fewer. */
        FULL
    }

    private record Waiting(Owner owner, CountDownLatch given) {}

    /**
     * @param all places in total
     * @param mostOfOne of one user
     */
    public UserPlaces(int all, int mostOfOne) {
        if (mostOfOne < 1 || all < 0) {
            throw new IllegalArgumentException("places: none or more in all, at least 1 of one user");
        }
        this.free = all;
        this.mostOfOne = mostOfOne;
        this.parts = all / mostOfOne - 1;
    }

    /** Takes one without waiting. */
    public Grant take(Owner owner) {
        return take(owner, 1);
    }

    /** Takes {@code number} at once, or none. */
    public synchronized Grant take(Owner owner, int number) {
        int then = taken.getOrDefault(owner, 0) + number;
        if (then > mostOfOne) {
            return Grant.USER_HAS_MOST;
        }
        if (number > free || then > fairPart()) {
            return Grant.FULL;
        }
        free -= number;
        taken.put(owner, then);
        return Grant.GIVEN;
    }

    private int fairPart() {
        return parts < 1 ? mostOfOne : Math.max(1, free / parts);
    }

    /**
     * Takes one; waits for it in this thread, up to a limit, in the order of arrival among those whose user may have one
     * more.
     */
    public Grant take(Owner owner, Duration most) throws InterruptedException {
        Waiting own;
        synchronized (this) {
            Grant grant = take(owner, 1);
            if (grant == Grant.GIVEN) {
                return grant;
            }
            own = new Waiting(owner, new CountDownLatch(1));
            waiting.add(own);
        }
        try {
            boolean given = own.given().await(most.toNanos(), TimeUnit.NANOSECONDS) || isGivenAtLast(own);
            return given ? Grant.GIVEN : reason(owner);
        } catch (InterruptedException e) {
            if (isGivenAtLast(own)) {
                release(owner);
            }
            throw e;
        }
    }

    /** Releases one. */
    public void release(Owner owner) {
        release(owner, 1);
    }

    /** Releases {@code number} of them. */
    public synchronized void release(Owner owner, int number) {
        int left = taken.getOrDefault(owner, 0) - number;
        if (left < 0) {
            throw new IllegalStateException("more places given back than taken");
        }
        if (left == 0) {
            taken.remove(owner);
        } else {
            taken.put(owner, left);
        }
        free += number;
        for (Iterator<Waiting> each = waiting.iterator(); free > 0 && each.hasNext(); ) {
            Waiting next = each.next();
            if (take(next.owner(), 1) == Grant.GIVEN) {
                each.remove();
                next.given().countDown();
            }
        }
    }

    public synchronized int free() {
        return free;
    }

    public int mostOfOne() {
        return mostOfOne;
    }

    /** Whether it was granted after all, between the end of the wait and now. */
    private synchronized boolean isGivenAtLast(Waiting own) {
        return !waiting.remove(own);
    }

    private synchronized Grant reason(Owner owner) {
        return taken.getOrDefault(owner, 0) >= mostOfOne ? Grant.USER_HAS_MOST : Grant.FULL;
    }
}
