package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.queue.UserPlaces.Grant;

/**
 * How many bytes of request bodies this instance holds at once, in all and of one user. They count when they have come, so that
 * a length that was announced takes nothing. A body is held several times over while it is read, checked and sent, so this is a
 * small part of the heap. Thread-safe.
 */
@ApplicationScoped
public class WorkBudget {
    /** 32 MiB: eight of the largest bodies, or thousands of the usual ones. */
    private static final int KIB = 32 * 1024;

    /** Two of the largest bodies. */
    private static final int KIB_OF_USER = KIB / 4;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final UserPlaces kib;

    /** The budget of an instance. */
    public WorkBudget() {
        this(KIB, KIB_OF_USER);
    }

    WorkBudget(int all, int ofUser) {
        kib = new UserPlaces(all, ofUser);
    }

    /** What one request holds of the budget: nothing at first; given back once. Thread-safe. */
    public final class Share {
        private final Owner owner;
        private int held;
        private boolean released;

        private Share(Owner owner) {
            this.owner = owner;
        }

        /**
         * Holds so many bytes in all, rounded up to KiB; fewer than it holds already have no effect.
         *
         * @throws ProblemException {@code quota-exceeded} when the user then held more than one user may, {@code unavailable} when
         *     so much is not free. What was held before is held on
         */
        public synchronized void growTo(int bytes) {
            int more = (bytes + 1023) / 1024 - held;
            if (more <= 0 || released) {
                return;
            }
            Grant grant = kib.take(owner, more);
            if (grant != Grant.GIVEN) {
                throw new ProblemException(refusal(grant));
            }
            held += more;
        }

        /** Gives all back; again has no effect. */
        public synchronized void release() {
            if (!released && held > 0) {
                kib.release(owner, held);
            }
            released = true;
        }
    }

    /** A share for a request of that user; it must be released on every way out. */
    public Share share(Owner owner) {
        return new Share(owner);
    }

    private Problem refusal(Grant grant) {
        return grant == Grant.USER_HAS_MOST
                ? new Problem.QuotaExceeded(
                        "body-bytes",
                        kib.mostOfOne() * 1024L,
                        "bodies of this user that are under way have too many bytes",
                        RETRY)
                : new Problem.Unavailable("too much work is under way", RETRY);
    }

    int freeKib() {
        return kib.free();
    }
}
