package org.contactsync.webhook.work;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.Owner;

/** Users whose books have changed, so that they are looked at soon. What does not fit in is found without a hint. Thread-safe. */
final class Hints {
    /** Some hundred bytes each. */
    static final int MOST = 4_000;

    private final Set<Owner> owners = ConcurrentHashMap.newKeySet();
    private volatile boolean wanted;

    /** Never waits. */
    void add(Owner owner) {
        if (wanted && owners.size() < MOST) {
            owners.add(owner);
        }
    }

    /** Whether they are kept from now on; others deliver otherwise. */
    void want(boolean now) {
        wanted = now;
        if (!now) {
            owners.clear();
        }
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    Optional<Owner> take() {
        Iterator<Owner> all = owners.iterator();
        if (!all.hasNext()) {
            return Optional.empty();
        }
        Owner owner = all.next();
        owners.remove(owner);
        return Optional.of(owner);
    }
}
