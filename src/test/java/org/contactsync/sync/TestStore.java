package org.contactsync.sync;

import java.util.function.Supplier;

/**
 * The ports of {@code sync} over one set of rows, with transactions as the server makes them: what is written in one is
 * kept when it returns and gone when it throws. Outside of one the ports show what is committed.
 */
public interface TestStore {
    Books books();

    Contacts contacts();

    BookPages pages();

    Tasks tasks();

    Staging staging();

    Housekeeping housekeeping();

    FeedMarks feedMarks();

    /** Runs {@code work} in a transaction of its own. */
    <T> T inTransaction(Supplier<T> work);

    /** Runs {@code work} in a transaction of its own. */
    default void inTransaction(Runnable work) {
        inTransaction(() -> {
            work.run();
            return null;
        });
    }
}
