package org.contactsync.queue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;

/**
 * Runs work of one owner in the order in which it came, one piece at a time and on one thread of an executor, so that nobody takes
 * the threads of others. What waits its turn has no thread. Bounded; thread-safe.
 */
final class OwnerLanes {
    private static final FailureLog LOG = FailureLog.of(OwnerLanes.class);
    private static final Queue<Runnable> EMPTY = new ArrayDeque<>(0);

    private final Executor executor;
    private final Bounds bounds;

    /** What each owner has to do; an owner is in the map as long as it has something. Guarded by this map. */
    private final Map<Owner, Queue<Runnable>> lanes = new HashMap<>();

    /** Owners that wait for a thread. Guarded by {@link #lanes}. */
    private final Queue<Owner> waiting = new ArrayDeque<>();

    /** Threads in use. Guarded by {@link #lanes}. */
    private int running;

    /**
     * How much there may be at once.
     *
     * @param threads owners that are served
     * @param ofOneOwner pieces of work of one owner, the one that runs included
     * @param owners owners that are served or wait for a thread
     */
    record Bounds(int threads, int ofOneOwner, int owners) {}

    OwnerLanes(Executor executor, Bounds bounds) {
        this.executor = executor;
        this.bounds = bounds;
    }

    /** Runs {@code work} after what the owner has here already; false when there is no room for it. */
    boolean run(Owner owner, Runnable work) {
        synchronized (lanes) {
            Queue<Runnable> lane = lanes.get(owner);
            if (lane != null) {
                return lane.size() < bounds.ofOneOwner() && lane.add(work);
            }
            if (lanes.size() >= bounds.owners() || !start(owner)) {
                return false;
            }
            Queue<Runnable> added = new ArrayDeque<>();
            added.add(work);
            lanes.put(owner, added);
            return true;
        }
    }

    /** Gives the owner a thread, or a place among those that wait for one. */
    private boolean start(Owner owner) {
        if (running >= bounds.threads()) {
            return waiting.add(owner);
        }
        try {
            executor.execute(() -> serve(owner));
            running++;
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs work until no owner waits for this thread. */
    private void serve(Owner first) {
        Optional<Owner> owner = Optional.of(first);
        while (owner.isPresent()) {
            try {
                head(owner.get()).run();
            } catch (RuntimeException | Error e) {
                LOG.error("work of a user ended", "owner=" + owner.get().key(), e);
            }
            owner = next(owner.get());
        }
    }

    private Runnable head(Owner owner) {
        synchronized (lanes) {
            return lanes.getOrDefault(owner, EMPTY).element();
        }
    }

    /** Takes out what has run and says who is next: owners that wait for a thread come before more work of the same owner. */
    private Optional<Owner> next(Owner served) {
        synchronized (lanes) {
            Queue<Runnable> lane = lanes.getOrDefault(served, EMPTY);
            lane.remove();
            if (lane.isEmpty()) {
                lanes.remove(served);
            } else {
                waiting.add(served);
            }
            Owner next = waiting.poll();
            if (next == null) {
                running--;
            }
            return Optional.ofNullable(next);
        }
    }
}
