package org.contactsync.queue.work;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import org.contactsync.bounds.OwnerLanes;
import org.contactsync.protocol.Owner;

/**
 * Runs work that would delay the other users of a JMS session: steps whose book is locked elsewhere, long commits, waiting
 * tasks. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Aside {
    /** Each thread uses a connection; it waits for a lock no longer than the database's lock timeout. */
    public static final OwnerLanes.Bounds BOUNDS = new OwnerLanes.Bounds(16, 16, 64);

    private OwnerLanes lanes;

    /** For the container. */
    public Aside() {}

    @Resource
    void setExecutor(ManagedExecutorService threads) {
        lanes = new OwnerLanes(threads, BOUNDS);
    }

    /** Runs {@code work} after the owner's earlier work; false if there is no space for it. */
    boolean submit(Owner owner, Runnable work) {
        return lanes.submit(owner, work);
    }
}
