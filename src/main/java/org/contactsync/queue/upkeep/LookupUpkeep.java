package org.contactsync.queue.upkeep;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.contactsync.lookup.IndexRequests;
import org.contactsync.lookup.LookupRows.Walk;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.work.StepTransaction;

/**
 * Brings the indexes of look-ups up to date: first of those books in which a look-up has missed it, then of all that have one, in a walk
 * that never ends. Each run takes a limited time; the next one continues. One thread at a time.
 */
final class LookupUpkeep {
    /** Indexes that one step of the walk looks at. */
    private static final int BOOKS = 500;

    /** Entries of an epoch that is over, removed in one transaction. */
    private static final int ROWS = 1_000;

    /** Of one run: the other jobs of the sweeper have to have their turn. */
    private static final long MOST_NANOS = Duration.ofMillis(500).toNanos();

    /** Several times as long as a reading may take. */
    private static final Duration READERS = Duration.ofMinutes(1);

    private final StepTransaction transaction;
    private final IndexRequests requests;
    private final LongSupplier nanoTime;

    /** Books with work to do; whether a look-up has missed the index. */
    private final Map<Owner, Boolean> work = new LinkedHashMap<>();

    private final Map<Owner, Long> old = new LinkedHashMap<>();
    private long seen;

    LookupUpkeep(StepTransaction transaction, IndexRequests requests, LongSupplier nanoTime) {
        this.transaction = transaction;
        this.requests = requests;
        this.nanoTime = nanoTime;
    }

    void run() {
        long end = nanoTime.getAsLong() + MOST_NANOS;
        requests.take().forEach(owner -> work.put(owner, true));
        if (work.isEmpty() && old.isEmpty()) {
            walk();
        }
        while (!work.isEmpty() && nanoTime.getAsLong() < end) {
            Map.Entry<Owner, Boolean> next = work.entrySet().iterator().next();
            work.remove(next.getKey());
            if (transaction.deriveIndex(next.getKey(), next.getValue())) {
                // Behind the others, so that a large book does not delay small ones.
                work.put(next.getKey(), next.getValue());
            }
        }
        while (work.isEmpty() && !old.isEmpty() && nanoTime.getAsLong() < end) {
            Map.Entry<Owner, Long> next = old.entrySet().iterator().next();
            if (!transaction.removeOldIndex(next.getValue(), READERS, ROWS)) {
                old.remove(next.getKey());
            }
        }
    }

    private void walk() {
        Walk walk = transaction.findIndexesBehind(seen, BOOKS);
        walk.behind().forEach(behind -> {
            work.put(behind.owner(), false);
            old.put(behind.owner(), behind.book());
        });
        Optional<Long> last = walk.last();
        seen = last.orElse(0L);
    }
}
