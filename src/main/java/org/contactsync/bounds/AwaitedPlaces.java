package org.contactsync.bounds;

import java.time.Duration;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;

/**
 * Places for work in progress, and a few for those who wait for one for a moment. Few wait, because each one that waits occupies a thread;
 * the others are refused at once. Thread-safe.
 */
public final class AwaitedPlaces {
    private final UserPlaces places;
    private final UserPlaces waiting;
    private final Duration moment;

    /**
     * @param places of those who work
     * @param waiting of those who wait for one of {@code places}
     * @param moment how long they wait at most
     */
    public AwaitedPlaces(UserPlaces places, UserPlaces waiting, Duration moment) {
        this.places = places;
        this.waiting = waiting;
        this.moment = moment;
    }

    /** Takes one without waiting. */
    public Grant takeNow(Owner owner) {
        return places.take(owner);
    }

    /** Takes one; waits for a moment if others have them all, or the user as many as one may have. */
    public Grant take(Owner owner) {
        Grant grant = places.take(owner);
        return grant == Grant.GIVEN ? grant : await(owner);
    }

    /** Takes one; waits for a moment if others have them all. A user who has as many as one may have is refused at once. */
    public Grant takeUnlessUserHasMost(Owner owner) {
        Grant grant = places.take(owner);
        return grant == Grant.FULL ? await(owner) : grant;
    }

    private Grant await(Owner owner) {
        Grant grant = waiting.take(owner);
        if (grant != Grant.GIVEN) {
            return grant;
        }
        try {
            return places.take(owner, moment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Grant.FULL;
        } finally {
            waiting.release(owner);
        }
    }

    public void release(Owner owner) {
        places.release(owner);
    }

    public int mostOfOne() {
        return places.mostOfOne();
    }
}
