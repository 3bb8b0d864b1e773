package org.contactsync.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.sync.BookBusyException;
import org.contactsync.sync.FeedMarks.Aged;
import org.contactsync.sync.FeedRetention.Place;

/**
 * Marks the feeds of all books from time to time, and removes the tombstones up to marks that are old enough: some of both in each
 * run, for long work goes on in the next one. One thread at a time.
 */
final class FeedUpkeep {
    /** Rows of the primary key of {@code book}, in one transaction. */
    private static final int BOOKS = 500;

    /** Rows of a feed that one transaction looks at: some milliseconds, and some ten when all are tombstones. */
    private static final int ROWS = 1_000;

    /** Steps of removal in one run. */
    private static final int STEPS = 20;

    /** So many marks of a book lie in the time that its feed reaches back: tombstones stay longer by that part of it at most. */
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

    /** @param now by the clock of the process, which decides nothing but when the next round begins */
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
            List<Aged> aged = transaction.agedFeeds(retention, STEPS);
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

    /** How many steps were made with these. A book that somebody else has is left for the next run. */
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
