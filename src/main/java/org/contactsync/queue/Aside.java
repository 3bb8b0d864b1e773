package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
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
 * Runs work that would hold up the other users of a JMS session: steps whose book is locked elsewhere, long commits, tasks that
 * waited. Work of one owner runs in the order in which it came, one piece at a time and on one thread, so that nobody takes the
 * threads of others. Bounded; thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Aside {
    private static final FailureLog LOG = FailureLog.of(Aside.class);
    private static final Queue<Runnable> EMPTY = new ArrayDeque<>(0);

    /** Owners served at once. Each has a thread and a connection; it waits for a lock at most the database's lock_timeout. */
    static final int MOST = 16;

    /** Pieces of work of one owner, the one that runs included. */
    static final int OF_ONE_OWNER = 16;

    /** Owners that run or wait for a thread. */
    static final int OWNERS = 64;

    /** What each owner has to do; an owner is in the map as long as it has something. Guarded by this map. */
    private final Map<Owner, Queue<Runnable>> lanes = new HashMap<>();

    /** Owners that wait for a thread. Guarded by {@link #lanes}. */
    private final Queue<Owner> waiting = new ArrayDeque<>();

    /** Threads in use. Guarded by {@link #lanes}. */
    private int running;

    private Executor executor;

    /** For the container. */
    public Aside() {}

    Aside(Executor executor) {
        this.executor = executor;
    }

    @Resource
    void setExecutor(ManagedExecutorService threads) {
        executor = threads;
    }

    /** Runs {@code work} after what the owner has here already; false when there is no room for it. */
    boolean run(Owner owner, Runnable work) {
        synchronized (lanes) {
            Queue<Runnable> lane = lanes.get(owner);
            if (lane != null) {
                return lane.size() < OF_ONE_OWNER && lane.add(work);
            }
            if (lanes.size() >= OWNERS || !start(owner)) {
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
        if (running >= MOST) {
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
                LOG.error("work aside ended", "owner=" + owner.get().key(), e);
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
