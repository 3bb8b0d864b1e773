package org.contactsync.sync;

import java.time.Instant;
import java.util.function.Supplier;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.Staging;

/**
 * The ports of {@code sync} over one set of rows, with transactions as the server makes them: what is written in one is
 * kept when it returns and gone when it throws. Outside of one the ports show what is committed.
 */
public interface TestStore {
    /** What the history of a book may be at any time: as many bytes as the server keeps with {@link TestService#LIMITS}, fewer changes. */
    Bounds MOST_HISTORY =
            new Bounds(Instant.EPOCH, 500, Bounds.most(TestService.LIMITS).bytes());

    Books books();

    Contacts contacts();

    BookPages pages();

    Tasks tasks();

    Staging staging();

    Housekeeping housekeeping();

    FeedMarks feedMarks();

    StoredTrees trees();

    BookHistory history();

    HistoryRetention historyRetention();

    /** Removes what is recorded of the task with that number, as if a version that records nothing had done it. */
    void forgetRecord(long book, long seq);

    /** As if a version that does not count the bytes of a book had written it. */
    void forgetCardBytes(long book);

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
