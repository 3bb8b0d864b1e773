package org.contactsync.bounds;

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
 * Runs the work of each owner in order, one piece at a time and on one thread of an executor, so that nobody takes the
 * threads of others. Waiting work has no thread. Bounded; thread-safe.
 */
public final class OwnerLanes {
    private static final FailureLog LOG = FailureLog.of(OwnerLanes.class);
    private static final Queue<Runnable> EMPTY = new ArrayDeque<>(0);

    private final Executor executor;
    private final Bounds bounds;

    /** The work of each owner; an owner is in the map while it has some. Guarded by this map. */
    private final Map<Owner, Queue<Runnable>> lanes = new HashMap<>();

    /** Owners that wait for a thread. Guarded by {@link #lanes}. */
    private final Queue<Owner> waiting = new ArrayDeque<>();

    /** Threads in use. Guarded by {@link #lanes}. */
    private int running;

    /**
     * The limits.
     *
     * @param threads owners served at once
     * @param ofOneOwner pieces of work of one owner, including the running one
     * @param owners owners that are served or wait for a thread
     */
    public record Bounds(int threads, int ofOneOwner, int owners) {}

    public OwnerLanes(Executor executor, Bounds bounds) {
        this.executor = executor;
        this.bounds = bounds;
    }

    /** Runs {@code work} after the owner's earlier work; false if there is no space for it. */
    public boolean submit(Owner owner, Runnable work) {
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
                LOG.error("work of a user failed", "owner=" + owner.get().key(), e);
            }
            owner = next(owner.get());
        }
    }

    private Runnable head(Owner owner) {
        synchronized (lanes) {
            return lanes.getOrDefault(owner, EMPTY).element();
        }
    }

    /**
     * Removes the work that has run and returns the next owner: owners that wait for a thread come before more work of the
     * same owner.
     */
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
