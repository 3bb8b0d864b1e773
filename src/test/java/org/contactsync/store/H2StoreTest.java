package org.contactsync.store;

import org.contactsync.sync.BooksContract;
import org.contactsync.sync.ContactsContract;
import org.contactsync.sync.HousekeepingContract;
import org.contactsync.sync.ReceiptsContract;
import org.contactsync.sync.StagingContract;
import org.contactsync.sync.TasksContract;
import org.contactsync.sync.TestStore;

/** The stores keep the contracts on H2. */
class H2StoreTest
        implements BooksContract,
                BusyBookContract,
                ReceiptsContract,
                ContactsContract,
                TasksContract,
                StagingContract,
                HousekeepingContract,
                EarlierVersionContract {
    private static final JpaTestStore H2 = JpaTestStore.onH2("contracts");

    private final JpaTestStore store = H2.emptied();

    @Override
    public TestStore store() {
        return store;
    }

    @Override
    public JpaTestStore jpaStore() {
        return store;
    }
}
