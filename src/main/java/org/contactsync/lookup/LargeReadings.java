package org.contactsync.lookup;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;

/**
 * Lets one look-up of a user at a time read much that the index does not have: it takes a processor for as long as a reading may last, and
 * others need one too. Thread-safe.
 */
final class LargeReadings {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Set<Owner> reading = ConcurrentHashMap.newKeySet();

    /** For one look-up; to be closed. */
    Turn of(Owner owner) {
        return new Turn(owner);
    }

    /** Of one look-up. One thread at a time. */
    final class Turn implements AutoCloseable {
        private final Owner owner;
        private boolean taken;

        private Turn(Owner owner) {
            this.owner = owner;
        }

        /**
         * Says that this look-up reads much; again has no effect.
         *
         * @throws ProblemException {@code quota-exceeded} while another one of the user does
         */
        void take() {
            if (taken) {
                return;
            }
            if (!reading.add(owner)) {
                throw new ProblemException(new Problem.QuotaExceeded(
                        Quota.CONCURRENT_READINGS, 1, "another look-up of this user reads much of the book", RETRY));
            }
            taken = true;
        }

        @Override
        public void close() {
            if (taken) {
                taken = false;
                reading.remove(owner);
            }
        }
    }
}
