package org.contactsync.store;

import org.contactsync.sync.RestoreProperties;
import org.contactsync.sync.TestStore;

/** Over the stores on H2. */
class H2RestoreProperties extends RestoreProperties {
    private static final JpaTestStore H2 = JpaTestStore.onH2("restores");

    @Override
    protected TestStore newStore() {
        return H2.emptied();
    }
}
