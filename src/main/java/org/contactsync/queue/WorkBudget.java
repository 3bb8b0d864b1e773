package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;

/**
 * How many bytes of request bodies this instance holds at once. A body is held several times over while it is read,
 * checked and sent, so this is a small part of the heap. Thread-safe.
 */
@ApplicationScoped
public class WorkBudget {
    /** 32 MiB: eight of the largest bodies, or thousands of the usual ones. */
    private static final int KIB = 32 * 1024;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final int all;
    private final Semaphore free;

    /** The budget of an instance. */
    public WorkBudget() {
        this(KIB);
    }

    WorkBudget(int kib) {
        all = kib;
        free = new Semaphore(kib);
    }

    /** A part of the budget, given back once. */
    public final class Share {
        private final int kib;
        private final AtomicBoolean held = new AtomicBoolean(true);

        private Share(int kib) {
            this.kib = kib;
        }

        /** Gives it back; again has no effect. */
        public void release() {
            if (held.getAndSet(false)) {
                free.release(kib);
            }
        }
    }

    /**
     * Takes a part of the budget without waiting.
     *
     * @param bytes at most those of the largest body
     * @throws ProblemException {@code unavailable} when so much is not free
     */
    public Share take(int bytes) {
        int kib = Math.min(all, bytes / 1024 + 1);
        if (!free.tryAcquire(kib)) {
            throw new ProblemException(new Problem.Unavailable("too much work is under way", RETRY));
        }
        return new Share(kib);
    }

    int freeKib() {
        return free.availablePermits();
    }
}
