package org.contactsync.webhook.work;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.contactsync.protocol.Owner;

/** Users whose books have changed, the longest known first, so that they are looked at soon. What does not fit in is found without. Thread-safe. */
final class Hints {
    /** Some hundred bytes each. */
    static final int MOST = 4_000;

    private final Set<Owner> owners = new LinkedHashSet<>();
    private boolean wanted;

    /** Never waits for more than another of these calls. */
    synchronized void add(Owner owner) {
        if (wanted && owners.size() < MOST) {
            owners.add(owner);
        }
    }

    /** Whether they are kept from now on; others deliver otherwise. */
    synchronized void want(boolean now) {
        wanted = now;
        if (!now) {
            owners.clear();
        }
    }

    synchronized boolean isEmpty() {
        return owners.isEmpty();
    }

    synchronized Optional<Owner> take() {
        Iterator<Owner> all = owners.iterator();
        if (!all.hasNext()) {
            return Optional.empty();
        }
        Owner owner = all.next();
        all.remove();
        return Optional.of(owner);
    }
}
