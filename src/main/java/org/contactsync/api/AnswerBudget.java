package org.contactsync.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.queue.UserPlaces;
import org.contactsync.queue.UserPlaces.Grant;
import org.contactsync.transport.TransportWatch;

/**
 * The memory of all large answers that are being written, from the first byte to the last, in all and of one user. When it is
 * used up, clients that do not take their answers are ended first; what then still finds no room is refused. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class AnswerBudget {
    /** 64 MiB, an eighth of the heap: eight of the largest answers. */
    static final int KIB = 64 * 1024;

    /** Two of the largest answers. */
    static final int KIB_OF_USER = KIB / 4;

    /** Smaller answers are not counted: their number is bounded by that of the threads. */
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
     * Takes room for an answer.
     *
     * @return what {@link #release} gives back; 0 for a small answer
     * @throws ProblemException when there is none in time: {@code quota-exceeded} when the user has as much as one user may have,
     *     otherwise {@code unavailable}
     */
    int take(Owner owner, int length) {
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

    void release(Owner owner, int taken) {
        if (taken > 0) {
            kib.release(owner, taken);
        }
    }

    private static Problem refusal(Grant grant) {
        return grant == Grant.USER_HAS_MOST
                ? new Problem.QuotaExceeded(
                        "answer-bytes",
                        KIB_OF_USER * 1024L,
                        "too many bytes of answers are being sent to this user",
                        RETRY)
                : new Problem.Unavailable("too many large answers are being sent", RETRY);
    }
}
