package org.contactsync.bounds;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.transport.TransportWatch;

/**
 * Limits the memory of all large answers that are being written, from the first byte to the last, in total and per user.
 * When it is used up, connections of clients that do not take their answers are ended first; answers that still find no
 * space are refused. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class AnswerBudget {
    /** 64 MiB, an eighth of the heap: eight of the largest answers. */
    static final int KIB = 64 * 1024;

    /** Two of the largest answers. */
    static final int KIB_OF_USER = KIB / 4;

    /** Smaller answers are not counted: the number of threads limits them. */
    static final int SMALL = 64 * 1024;

    /** As text and as bytes. */
    private static final int COPIES = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final UserPlaces kib = new UserPlaces(KIB, KIB_OF_USER);
    private final Duration patience;
    private Runnable relief;

    /** For the container's proxy. */
    public AnswerBudget() {
        patience = PATIENCE;
    }

    @Inject
    public AnswerBudget(TransportWatch watch) {
        this(watch::relieve, PATIENCE);
    }

    AnswerBudget(Runnable relief, Duration patience) {
        this.relief = relief;
        this.patience = patience;
    }

    /**
     * Takes space for an answer.
     *
     * @return the amount to pass to {@link #release}; 0 for a small answer
     * @throws ProblemException if there is none in time: {@code quota-exceeded} if the user has as much as one user may
     *     have, otherwise {@code unavailable}
     */
    public int take(Owner owner, int length) {
        if (length < SMALL) {
            return 0;
        }
        int wanted = (int) Math.min(KIB_OF_USER, (long) length * COPIES / 1024);
        Grant grant = kib.take(owner, wanted);
        long end = System.nanoTime() + patience.toNanos();
        while (grant != Grant.GIVEN && System.nanoTime() - end < 0) {
            relief.run();
            LockSupport.parkNanos(LOOK.toNanos());
            grant = kib.take(owner, wanted);
        }
        if (grant != Grant.GIVEN) {
            throw new ProblemException(refusal(grant));
        }
        return wanted;
    }

    public void release(Owner owner, int taken) {
        if (taken > 0) {
            kib.release(owner, taken);
        }
    }

    private static Problem refusal(Grant grant) {
        return grant == Grant.USER_HAS_MOST
                ? new Problem.QuotaExceeded(
                        Quota.ANSWER_BYTES,
                        KIB_OF_USER * 1024L,
                        "too many bytes of answers are being sent to this user",
                        RETRY)
                : new Problem.Unavailable(UnavailableReason.TOO_MANY_ANSWERS, RETRY);
    }
}
