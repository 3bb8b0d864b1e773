package org.contactsync.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.contactsync.bench.StoredBooks.Filled;

/** Look-ups at a steady rate while other users' devices change their books: at a steady rate, too, and without a pause. */
final class LookupLoad {
    static final List<String> COLUMNS =
            List.of("contacts", "changes beside", "changes/s", "look-ups/s", "p50 ms", "p99", "p99.9", "number");

    static final String NOTE =
            "Look-ups count from the moment at which each is due, so that a slow one delays and lengthens those behind it.";

    private static final int LOOKUPS_PER_SECOND = 200;
    private static final int ASKING = 8;
    private static final int CHANGING = 7;
    private static final int OTHER_BOOK = 500;

    /** Changes a second of all devices together; zero: without a pause. */
    private static final List<Integer> CHANGES = List.of(200, 0);

    private final Bench bench;
    private final SplittableRandom random;
    private final BiFunction<String, Integer, Filled> fill;

    /** @param fill makes a book, of a user whose name begins like this, with so many contacts */
    LookupLoad(Bench bench, SplittableRandom random, BiFunction<String, Integer, Filled> fill) {
        this.bench = bench;
        this.random = random;
        this.fill = fill;
    }

    /** One row of the table for each load of changes. */
    List<List<String>> rows(Filled book, String authorization) {
        return CHANGES.stream()
                .map(changes -> row(book, authorization, changes))
                .toList();
    }

    private List<String> row(Filled book, String authorization, int changes) {
        Duration warmup = bench.options().warmup().dividedBy(CHANGES.size());
        long counted = System.nanoTime() + warmup.toNanos();
        Pace asking = new Pace(LOOKUPS_PER_SECOND);
        Pace changing = new Pace(changes);
        Timings late = new Timings();
        AtomicLong changed = new AtomicLong();
        List<Load.Worker> workers = new ArrayList<>();
        for (int i = 0; i < ASKING; i++) {
            workers.add(new Asking(bench.wire(), authorization, book, random.split(), asking, counted, late));
        }
        for (int i = 1; i <= CHANGING; i++) {
            Filled other = fill.apply("beside", OTHER_BOOK);
            Device device = new Device(other, bench.cards(OTHER_BOOK), bench.authorization(other.user()), i);
            workers.add(new Changing(bench.wire(), device, changing, counted, changed));
        }
        Load.Result result = Load.run(workers, warmup, bench.options().seconds(), bench::usage);
        synchronized (late) {
            return List.of(
                    String.format(Locale.ROOT, "%,d", book.size()),
                    changes == 0 ? "without a pause" : changes + "/s",
                    String.format(Locale.ROOT, "%.0f", changed.get() / result.seconds()),
                    String.format(Locale.ROOT, "%.0f", late.count() / result.seconds()),
                    late.p50(),
                    late.p99(),
                    Timings.ms(late.millis(99.9)),
                    Integer.toString(late.count()));
        }
    }

    /** Says when the next of many is due. Thread-safe. */
    private static final class Pace {
        private final long begin = System.nanoTime();
        private final AtomicLong turn = new AtomicLong();
        private final int perSecond;

        /** @param perSecond zero: at once */
        Pace(int perSecond) {
            this.perSecond = perSecond;
        }

        /** Waits. @return when it was due */
        long await() {
            if (perSecond == 0) {
                return System.nanoTime();
            }
            long due = begin + turn.getAndIncrement() * (1_000_000_000L / perSecond);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            return due;
        }
    }

    /** @param counted from when on look-ups are counted */
    private record Asking(
            Wire wire,
            String authorization,
            Filled book,
            SplittableRandom random,
            Pace pace,
            long counted,
            Timings late)
            implements Load.Worker {
        @Override
        public boolean once() throws IOException {
            long due = pace.await();
            LookupPart.look(wire, authorization, random.nextInt(book.size()), true);
            long taken = System.nanoTime() - due;
            if (due >= counted) {
                synchronized (late) {
                    late.add(taken);
                }
            }
            return true;
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    private record Changing(Wire wire, Device device, Pace pace, long counted, AtomicLong changed)
            implements Load.Worker {
        @Override
        public boolean once() throws IOException {
            long due = pace.await();
            boolean done = device.change(wire, new Refusals());
            if (done && due >= counted) {
                changed.incrementAndGet();
            }
            return done;
        }

        @Override
        public void close() {
            wire.close();
        }
    }
}
