package org.contactsync.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.Staging;

/**
 * The ports of {@code sync} in memory: fast, and held to the same contract as the database. Thread-safe: a transaction has
 * all rows for itself, and whoever writes without one is told.
 */
public final class InMemoryStore implements TestStore {
    private final Clock clock = Clock.systemUTC();
    private final ReentrantLock lock = new ReentrantLock();
    private final InMemoryBooks books = new InMemoryBooks(this);
    private final InMemoryContacts contacts = new InMemoryContacts(this);
    private final InMemoryTasks tasks = new InMemoryTasks(this);
    private final InMemoryStaging staging = new InMemoryStaging(this);
    private final InMemoryHousekeeping housekeeping = new InMemoryHousekeeping(this);
    private final InMemoryFeedMarks feedMarks = new InMemoryFeedMarks(this);
    private final InMemoryTrees trees = new InMemoryTrees(this);
    private final InMemoryHistory history = new InMemoryHistory(this);
    private volatile InMemoryRows committed = new InMemoryRows();
    /** Of the transaction that runs; only its own thread looks at it. */
    private InMemoryRows written = committed;

    @Override
    public Books books() {
        return books;
    }

    @Override
    public Contacts contacts() {
        return contacts;
    }

    InMemoryContacts inMemoryContacts() {
        return contacts;
    }

    @Override
    public BookPages pages() {
        return contacts;
    }

    @Override
    public Tasks tasks() {
        return tasks;
    }

    @Override
    public Staging staging() {
        return staging;
    }

    @Override
    public Housekeeping housekeeping() {
        return housekeeping;
    }

    @Override
    public FeedMarks feedMarks() {
        return feedMarks;
    }

    @Override
    public StoredTrees trees() {
        return trees;
    }

    @Override
    public BookHistory history() {
        return history;
    }

    InMemoryHistory inMemoryHistory() {
        return history;
    }

    @Override
    public HistoryRetention historyRetention() {
        return history;
    }

    @Override
    public void forgetRecord(long book, long seq) {
        inTransaction(() -> history.forgetRecord(book, seq));
    }

    @Override
    public void forgetCardBytes(long book) {
        inTransaction(() -> books.forgetCardBytes(book));
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a transaction is running in this thread");
        }
        lock.lock();
        try {
            written = committed.copy();
            T result = work.get();
            committed = written;
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** All that is committed at one time. */
    public static final class Backup {
        private final InMemoryRows rows;

        private Backup(InMemoryRows rows) {
            this.rows = rows;
        }
    }

    public Backup backup() {
        return inTransaction(() -> new Backup(written.copy()));
    }

    /** Everything that was committed since is lost. */
    public void restore(Backup backup) {
        inTransaction(() -> {
            written = backup.rows.copy();
            return null;
        });
    }

    /** All accounts are erased. */
    public void erase() {
        inTransaction(() -> {
            written = written.withoutAny();
            return null;
        });
    }

    /** The one clock of all that use this store. */
    Instant now() {
        return clock.instant();
    }

    /** What the caller sees: its own transaction, or what is committed. */
    InMemoryRows rows() {
        return lock.isHeldByCurrentThread() ? written : committed;
    }

    /** What the caller's transaction writes. */
    InMemoryRows writing() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("writing needs a transaction");
        }
        return written;
    }
}
