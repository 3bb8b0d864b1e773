package org.contactsync.queue.upkeep;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** Of it for the books in which look-ups have missed the index, while there are any: the walk goes on with the rest. */
    private static final long ASKED_NANOS = Duration.ofMillis(400).toNanos();

    /** Several times as long as a reading may take. */
    private static final Duration READERS = Duration.ofMinutes(1);

    private final StepTransaction transaction;
    private final IndexRequests requests;
    private final LongSupplier nanoTime;

    /** In which look-ups have missed the index: step by step in turn, so that a large book does not delay small ones. */
    private final Set<Owner> asked = new LinkedHashSet<>();

    /** Of the walk: one after the other, so that only one is without an index while it gets a new one. */
    private final Deque<Owner> found = new ArrayDeque<>();

    private final Map<Owner, Long> old = new LinkedHashMap<>();
    private long seen;

    LookupUpkeep(StepTransaction transaction, IndexRequests requests, LongSupplier nanoTime) {
        this.transaction = transaction;
        this.requests = requests;
        this.nanoTime = nanoTime;
    }

    void run() {
        long start = nanoTime.getAsLong();
        asked.addAll(requests.take());
        while (!asked.isEmpty() && nanoTime.getAsLong() - start < ASKED_NANOS) {
            Owner next = asked.iterator().next();
            asked.remove(next);
            if (transaction.deriveIndex(next, true)) {
                asked.add(next);
            }
        }
        if (found.isEmpty() && old.isEmpty()) {
            walk();
        }
        while (!found.isEmpty() && nanoTime.getAsLong() - start < MOST_NANOS) {
            Owner next = found.removeFirst();
            if (transaction.deriveIndex(next, false)) {
                found.addFirst(next);
            }
        }
        while (found.isEmpty() && !old.isEmpty() && nanoTime.getAsLong() - start < MOST_NANOS) {
            Map.Entry<Owner, Long> next = old.entrySet().iterator().next();
            if (!transaction.removeOldIndex(next.getValue(), READERS, ROWS)) {
                old.remove(next.getKey());
            }
        }
    }

    private void walk() {
        Walk walk = transaction.findIndexesBehind(seen, BOOKS);
        walk.behind().forEach(behind -> {
            found.addLast(behind.owner());
            old.put(behind.owner(), behind.book());
        });
        Optional<Long> last = walk.last();
        seen = last.orElse(0L);
    }
}
