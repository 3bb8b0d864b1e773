package org.contactsync.api.history;

import java.util.Optional;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;

/**
 * Limits the restores that an instance fills. Those that wait for their turn have neither a thread nor memory for a chunk, so that they keep
 * nobody else from restoring. Thread-safe.
 */
final class RestorePlaces {
    /** Each has a thread, and holds one chunk. Many users restore at once after a faulty client came out. */
    static final int WORKING = 4;

    /** With those that wait: each looks for its turn once a second. */
    static final int ALL = 64;

    private final UserPlaces working = new UserPlaces(WORKING, 1);
    private final UserPlaces all = new UserPlaces(ALL, 1);
    private final WorkBudget budget;
    private final int chunkBytes;

    RestorePlaces(WorkBudget budget, int chunkBytes) {
        this.budget = budget;
        this.chunkBytes = chunkBytes;
    }

    /**
     * Begins a restore; empty if there is no room for it, or its user has another one under way.
     *
     * @param share has room for a chunk; released by the stay
     */
    Optional<Stay> begin(Owner owner, Share share) {
        if (all.take(owner) != Grant.GIVEN) {
            return Optional.empty();
        }
        if (working.take(owner) != Grant.GIVEN) {
            all.release(owner);
            return Optional.empty();
        }
        return Optional.of(new Stay(owner, share));
    }

    /** A restore that is under way: it works or waits. Thread-safe. */
    final class Stay {
        private final Owner owner;
        private Share share;
        private boolean works = true;
        private boolean ended;

        private Stay(Owner owner, Share share) {
            this.owner = owner;
            this.share = share;
        }

        synchronized boolean works() {
            return works;
        }

        /** Lets others work. */
        synchronized void rest() {
            if (works) {
                works = false;
                share.release();
                working.release(owner);
            }
        }

        /** Works again, if there is room; whether it does. */
        synchronized boolean goOn() {
            if (works || ended || working.take(owner) != Grant.GIVEN) {
                return works;
            }
            Share next = budget.share(owner);
            try {
                next.growTo(chunkBytes);
            } catch (ProblemException e) {
                working.release(owner);
                return false;
            }
            share = next;
            works = true;
            return true;
        }

        synchronized void end() {
            rest();
            if (!ended) {
                ended = true;
                all.release(owner);
            }
        }
    }
}
