package org.contactsync.api.history;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings.Reading;

/** Plans restores, one of a user at a time: a plan may be the dearest of all readings. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class RestorePlanning {
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Those who have a plan made now: no more than there are places for reading. */
    private final Set<Owner> planning = ConcurrentHashMap.newKeySet();

    private Restoring restoring;

    /** For the container's proxy. */
    protected RestorePlanning() {}

    @Inject
    public RestorePlanning(Restoring restoring) {
        this.restoring = restoring;
    }

    /**
     * As {@link Restoring#plan}.
     *
     * @throws ProblemException {@code quota-exceeded} while another plan of this owner is being made
     */
    Optional<Reading<RestorePlan>> plan(Owner owner, RestoreTarget target) {
        if (!planning.add(owner)) {
            throw new ProblemException(new Problem.QuotaExceeded(
                    Quota.CONCURRENT_READINGS, 1, "another restore of this user is being prepared", RETRY));
        }
        try {
            return restoring.plan(owner, target);
        } finally {
            planning.remove(owner);
        }
    }
}
