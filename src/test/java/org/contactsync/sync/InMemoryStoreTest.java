package org.contactsync.sync;

import org.contactsync.sync.book.ContactsContract;

/** The fakes keep the contracts, so that what is tested over them is true over the database. */
class InMemoryStoreTest
        implements BooksContract,
                ReceiptsContract,
                ContactsContract,
                TasksContract,
                StagingContract,
                HousekeepingContract {
    private final TestStore store = new InMemoryStore();

    @Override
    public TestStore store() {
        return store;
    }
}
