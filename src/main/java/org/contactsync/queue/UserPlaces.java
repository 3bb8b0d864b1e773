package org.contactsync.queue;

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
 * Places for work in hand: so many in all, and so many for one user. The fewer are free, the fewer one user may have, so that many
 * users who want as many as they can get leave some: alone a user gets its most, then each one the same part of what those before
 * it have left. A user who has none may have the last one. Thread-safe.
 */
public final class UserPlaces {
    private final int mostOfOne;
    /** Of what is free, one user may have one part of so many; 0: there is no more than one user may have. */
    private final int parts;

    private final Map<Owner, Integer> taken = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int free;

    /** What became of a wish for a place. */
    public enum Grant {
        GIVEN,
        /** The user has as many as one user may have. */
        USER_HAS_MOST,
        /** None is free, or the few that are free are left to users who have fewer. */
        FULL
    }

    private record Waiting(Owner owner, CountDownLatch given) {}

    /**
     * @param all places in all
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

    /** Takes one; waits so long for it in this thread, in the order of coming among those whose user may have one more. */
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

    /** Gives one back. */
    public void release(Owner owner) {
        release(owner, 1);
    }

    /** Gives {@code number} back. */
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

    /** It may have been given between the end of the wait and now. */
    private synchronized boolean isGivenAtLast(Waiting own) {
        return !waiting.remove(own);
    }

    private synchronized Grant reason(Owner owner) {
        return taken.getOrDefault(owner, 0) >= mostOfOne ? Grant.USER_HAS_MOST : Grant.FULL;
    }
}
