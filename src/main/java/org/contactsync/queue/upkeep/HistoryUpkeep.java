package org.contactsync.queue.upkeep;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.protocol.Limits;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.history.HistoryRetention.Part;

/**
 * Walks through all books, again and again, and shortens histories that are too old or too large; they take turns. Each run does a limited
 * part; the next one continues. A book for which a step fails is left for the next walk. One thread at a time.
 */
final class HistoryUpkeep {
    /** Books that one transaction looks at: each costs a look at its oldest change. */
    private static final int BOOKS = 500;

    /** Versions that one transaction removes: some ten milliseconds. */
    private static final int ROWS = 1_000;

    /** Time of removal in one run: what the sweeper does besides waits for it. */
    private static final Duration TIME = Duration.ofMillis(200);

    /** After a walk, unless the retention is short. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final StepTransaction transaction;
    private final Figures figures;
    private final Limits limits;
    private final Duration rest;

    private final Deque<Long> exceeding = new ArrayDeque<>();
    private Walk walk = new Walk(0, 0, Optional.empty());
    private Instant nextWalk = Instant.MIN;

    /** Is told of each complete walk. */
    interface Figures {
        /**
         * @param bytes that all histories have
         * @param oldest when the oldest change was
         */
        void record(long bytes, Optional<Instant> oldest);
    }

    /** How far a walk has come, and what it has seen. */
    private record Walk(long last, long bytes, Optional<Instant> oldest) {
        Walk and(Part part) {
            Optional<Instant> older = oldest.filter(
                            mine -> part.oldest().filter(mine::isAfter).isEmpty())
                    .or(part::oldest);
            return new Walk(part.last().orElse(0), bytes + part.bytes(), older);
        }
    }

    HistoryUpkeep(StepTransaction transaction, Figures figures, Limits limits) {
        this.transaction = transaction;
        this.figures = figures;
        this.limits = limits;
        Duration part = limits.historyRetention().dividedBy(10);
        rest = part.compareTo(REST) < 0 ? part : REST;
    }

    /** @param now by the clock of the process, which only decides when the next walk starts */
    void run(Instant now) {
        if (exceeding.isEmpty() && !now.isBefore(nextWalk)) {
            walk(now);
        }
        long start = System.nanoTime();
        while (!exceeding.isEmpty() && System.nanoTime() - start < TIME.toNanos()) {
            long book = exceeding.removeFirst();
            if (transaction.shortenHistory(book, ROWS, limits)) {
                exceeding.addLast(book);
            }
        }
    }

    private void walk(Instant now) {
        Part part = transaction.findLongHistories(walk.last(), BOOKS, limits);
        exceeding.addAll(part.exceeding());
        OptionalLong last = part.last();
        walk = walk.and(part);
        if (last.isEmpty()) {
            figures.record(walk.bytes(), walk.oldest());
            walk = new Walk(0, 0, Optional.empty());
            nextWalk = now.plus(rest);
        }
    }
}
