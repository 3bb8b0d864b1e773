package org.contactsync.sync;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

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
