package org.contactsync.store;

import org.contactsync.sync.BooksContract;
import org.contactsync.sync.ContactsContract;
import org.contactsync.sync.HousekeepingContract;
import org.contactsync.sync.ReceiptsContract;
import org.contactsync.sync.StagingContract;
import org.contactsync.sync.TasksContract;
import org.contactsync.sync.TestStore;

/** The stores keep the contracts on PostgreSQL. */
class PostgresStoreIT
        implements BooksContract,
                ReceiptsContract,
                ContactsContract,
                TasksContract,
                StagingContract,
                HousekeepingContract,
                BusyBookContract {
    private final TestStore store = PostgresForStores.store().emptied();

    @Override
    public TestStore store() {
        return store;
    }
}
