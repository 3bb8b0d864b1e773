package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import org.contactsync.protocol.Owner;

/**
 * Runs work that would hold up the other users of a JMS session: steps whose book is locked elsewhere, long commits, tasks that
 * waited. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Aside {
    /** Each thread has a connection; it waits for a lock at most the database's lock_timeout. */
    static final OwnerLanes.Bounds BOUNDS = new OwnerLanes.Bounds(16, 16, 64);

    private OwnerLanes lanes;

    /** For the container. */
    public Aside() {}

    @Resource
    void setExecutor(ManagedExecutorService threads) {
        lanes = new OwnerLanes(threads, BOUNDS);
    }

    /** Runs {@code work} after what the owner has here already; false when there is no room for it. */
    boolean run(Owner owner, Runnable work) {
        return lanes.run(owner, work);
    }
}
