package org.contactsync.api.photo;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;

/** Limits how many photos are sent to clients at once, in total and to one user: a thread of the server writes each. Thread-safe. */
@ApplicationScoped
public class PhotoPlaces {
    static final int MOST = 32;

    /** More than a browser asks for at once. */
    static final int MOST_OF_USER = 8;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final UserPlaces places = new UserPlaces(MOST, MOST_OF_USER);

    /** Something that sends a photo. */
    interface Sending {
        void run() throws IOException;
    }

    /** @throws ProblemException {@code quota-exceeded} or {@code unavailable} if there is no place */
    void send(Owner owner, Sending sending) throws IOException {
        enter(owner);
        try {
            sending.run();
        } finally {
            places.release(owner);
        }
    }

    /**
     * Reads a photo as if it were sent.
     *
     * @throws ProblemException as {@link #send} does
     */
    <T> T read(Owner owner, Supplier<T> reading) {
        enter(owner);
        try {
            return reading.get();
        } finally {
            places.release(owner);
        }
    }

    private void enter(Owner owner) {
        Grant grant = places.take(owner);
        if (grant == Grant.USER_HAS_MOST) {
            throw new ProblemException(new Problem.QuotaExceeded(
                    Quota.CONCURRENT_FILES, MOST_OF_USER, "too many photos are being sent to this user", RETRY));
        }
        if (grant == Grant.FULL) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.TOO_MANY_ANSWERS, RETRY));
        }
    }
}
