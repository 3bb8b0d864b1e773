package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Where steps wait whose book somebody else has locked. They would hold up the users whose groups have the same session: a
 * group stays with its session. Bounded; thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Aside {
    /** Each has a thread and a connection while it waits, at most the database's lock_timeout. */
    static final int MOST = 16;

    private final Semaphore places = new Semaphore(MOST);

    @Resource
    private ManagedExecutorService executor;

    /** Runs {@code work} on a thread of its own; false when too many wait already. */
    boolean run(Runnable work) {
        if (!places.tryAcquire()) {
            return false;
        }
        try {
            executor.execute(() -> {
                try {
                    work.run();
                } finally {
                    places.release();
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            places.release();
            return false;
        }
    }
}
