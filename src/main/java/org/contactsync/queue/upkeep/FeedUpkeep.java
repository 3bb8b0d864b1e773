package org.contactsync.queue.upkeep;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.book.BookBusyException;
import org.contactsync.sync.reading.FeedMarks.Aged;
import org.contactsync.sync.reading.FeedRetention.Place;

/**
 * Periodically marks the feeds of all books, and removes the tombstones up to marks that are old enough. Each run does a
 * limited part of both; the next one continues. One thread at a time.
 */
final class FeedUpkeep {
    /** Rows of the primary key of {@code book}, in one transaction. */
    private static final int BOOKS = 500;

    /** Rows of a feed that one transaction reads: a few milliseconds, or some ten if all are tombstones. */
    private static final int ROWS = 1_000;

    /** Steps of removal in one run. */
    private static final int STEPS = 20;

    /** Marks per book within the retention time: tombstones are kept longer by at most one such part of it. */
    private static final int MARKS = 10;

    private final StepTransaction transaction;
    private final Duration retention;
    private final Duration apart;
    private final Duration rest;
    private long marked;
    private Instant nextRound = Instant.MIN;
    private Optional<Work> work = Optional.empty();

    /** A mark whose tombstones are being removed. */
    private record Work(Aged mark, Place place) {}

    /** @param retention how long tombstones stay at least */
    FeedUpkeep(StepTransaction transaction, Duration retention) {
        this.transaction = transaction;
        this.retention = retention;
        apart = retention.dividedBy(MARKS);
        rest = apart.dividedBy(MARKS);
    }

    /** @param now by the clock of the process, which only decides when the next round starts */
    void run(Instant now) {
        mark(now);
        shorten();
    }

    private void mark(Instant now) {
        if (now.isBefore(nextRound)) {
            return;
        }
        OptionalLong last = transaction.markFeeds(marked, BOOKS, apart);
        marked = last.orElse(0);
        if (last.isEmpty()) {
            nextRound = now.plus(rest);
        }
    }

    private void shorten() {
        int steps = 0;
        if (work.isPresent()) {
            Work begun = work.get();
            work = Optional.empty();
            steps = shorten(begun.mark(), Optional.of(begun.place()), steps);
        }
        while (steps < STEPS) {
            List<Aged> aged = transaction.findAgedFeeds(retention, STEPS);
            int before = steps;
            for (Aged mark : aged) {
                if (steps < STEPS) {
                    steps = shorten(mark, Optional.empty(), steps);
                }
            }
            if (aged.size() < STEPS || steps == before) {
                return;
            }
        }
    }

    /** The number of steps, including {@code before}. A book that is locked elsewhere is left for the next run. */
    private int shorten(Aged mark, Optional<Place> from, int before) {
        int steps = before;
        Optional<Place> place = from;
        try {
            do {
                place = transaction.shortenFeed(mark, place, ROWS);
                steps++;
            } while (place.isPresent() && steps < STEPS);
        } catch (BookBusyException e) {
            return steps + 1;
        }
        work = place.map(next -> new Work(mark, next));
        return steps;
    }
}
