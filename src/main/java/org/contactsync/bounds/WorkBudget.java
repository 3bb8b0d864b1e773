package org.contactsync.bounds;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;

/**
 * Limits the bytes of request bodies that this instance holds at once, in total and per user. Bytes count once they have
 * arrived, so an announced length takes nothing. A body exists in several copies while it is read, checked and sent, so the
 * budget is a small part of the heap. Thread-safe.
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

    /** One request's share of the budget: nothing at first; released once. Thread-safe. */
    public final class Share {
        private final Owner owner;
        private int held;
        private boolean released;

        private Share(Owner owner) {
            this.owner = owner;
        }

        /**
         * Grows to so many bytes, rounded up to KiB; a smaller number has no effect.
         *
         * @throws ProblemException {@code quota-exceeded} if the user would hold more than allowed, {@code unavailable} if
         *     not enough is free. The share then stays as it was
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

        /** Releases everything; calling it again has no effect. */
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
                        Quota.BODY_BYTES,
                        kib.mostOfOne() * 1024L,
                        "bodies of this user that are under way have too many bytes",
                        RETRY)
                : new Problem.Unavailable(UnavailableReason.TOO_MUCH_WORK, RETRY);
    }

    int freeKib() {
        return kib.free();
    }
}
