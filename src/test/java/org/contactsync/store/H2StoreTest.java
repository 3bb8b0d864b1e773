package org.contactsync.store;

import java.util.List;
import org.contactsync.sync.BooksContract;
import org.contactsync.sync.HousekeepingContract;
import org.contactsync.sync.ReceiptsContract;
import org.contactsync.sync.StagingContract;
import org.contactsync.sync.TasksContract;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.book.ContactsContract;

/** The stores keep the contracts on H2. */
class H2StoreTest
        implements BooksContract,
                BusyBookContract,
                ReceiptsContract,
                ContactsContract,
                TasksContract,
                StagingContract,
                StagedRowsContract,
                HousekeepingContract,
                EarlierVersionContract,
                HistoryRetentionContract,
                ScrubContract,
                WebhookContract,
                LookupContract,
                AccountContract,
                PhotosContract,
                ObjectRowsContract,
                SlowReadingContract {
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

    @Override
    public String numbers() {
        return "(select \"X\" as x from system_range(1, " + ROWS + ")) n";
    }

    @Override
    public List<String> slowCondition() {
        return List.of(
                "slowly(20) is not null", "create alias if not exists slowly for \"java.lang.Thread.sleep(long)\"");
    }
}
