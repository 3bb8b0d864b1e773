package org.contactsync.sync;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A tree that is made of a stored one and of what has changed since is that of all contacts. A failing run prints its seed. */
class StoredTreeProperties {
    /** Protocol 4.7. */
    @Property(tries = 25)
    void aStoredTreeAndTheChangesSinceAreTheTreeOfTheContacts(@ForAll long seed) {
        new StoredTreeRun(new TestService(new InMemoryStore()), new Random(seed)).run(25, "seed=" + seed);
    }
}
