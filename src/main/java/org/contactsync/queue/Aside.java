package org.contactsync.queue;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.RejectedExecutionException;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.UserPlaces.Grant;

/**
 * Where steps wait whose book somebody else has locked. They would hold up the users whose groups have the same session: a
 * group stays with its session. Bounded; thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Aside {
    /** Each has a thread and a connection while it waits, at most the database's lock_timeout. */
    static final int MOST = 16;

    static final int MOST_OF_USER = 4;

    private final UserPlaces places = new UserPlaces(MOST, MOST_OF_USER);

    @Resource
    private ManagedExecutorService executor;

    /** Runs {@code work} of that user on a thread of its own; false when too many wait already. */
    boolean run(Owner owner, Runnable work) {
        if (places.take(owner) != Grant.GIVEN) {
            return false;
        }
        try {
            executor.execute(() -> {
                try {
                    work.run();
                } finally {
                    places.release(owner);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            places.release(owner);
            return false;
        }
    }
}
