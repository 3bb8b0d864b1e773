package org.contactsync.lookup;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.contactsync.protocol.Owner;

/** Books whose index a look-up has found missing or far behind. Bounded: one that has no room is found again. Thread-safe. */
public final class IndexRequests {
    private static final int MOST = 1_000;

    private final Set<Owner> owners = new LinkedHashSet<>();

    public synchronized void add(Owner owner) {
        if (owners.size() < MOST) {
            owners.add(owner);
        }
    }

    /** All of them, each once. */
    public synchronized List<Owner> take() {
        List<Owner> taken = new ArrayList<>(owners);
        owners.clear();
        return taken;
    }
}
