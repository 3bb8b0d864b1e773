package org.contactsync.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Runs workers, one thread each, without a pause: first to warm up, then for a window in which everything is counted. The
 * usage is read at both ends of the window, while the load goes on.
 */
final class Load {
    private static final Duration END = Duration.ofSeconds(120);

    private volatile long from = Long.MAX_VALUE;
    private volatile boolean ended;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Load() {}

    /** Does one thing again and again. */
    interface Worker extends AutoCloseable {
        /** @return whether it counts as done, rather than refused */
        boolean once() throws Exception;

        @Override
        void close();
    }

    /** What the window held. */
    record Result(Timings timings, long refused, double seconds, Usage used) {
        double perSecond() {
            return timings.count() / seconds;
        }

        /** The median of the rates. */
        static double perSecond(List<Result> results) {
            return Timings.median(results.stream().map(Result::perSecond).toList());
        }

        static Timings timings(List<Result> results) {
            return Timings.of(results.stream().map(Result::timings).toList());
        }

        static long refused(List<Result> results) {
            return results.stream().mapToLong(Result::refused).sum();
        }

        /** What was used for each thing that was done, over all results. */
        static String perSync(List<Result> results, ToLongFunction<Usage> what) {
            long used = results.stream()
                    .mapToLong(each -> what.applyAsLong(each.used()))
                    .sum();
            return String.format(
                    Locale.ROOT,
                    "%.2f",
                    used / (double) Math.max(1, timings(results).count()));
        }
    }

    /** One thread's share; filled by that thread only. */
    private static final class Share {
        private final Timings timings = new Timings();
        private long refused;
    }

    /**
     * Measures.
     *
     * @param usage reads what was used so far
     */
    static Result run(List<? extends Worker> workers, Duration warmup, Duration window, Supplier<Usage> usage) {
        return new Load().measure(workers, warmup, window, usage);
    }

    private Result measure(List<? extends Worker> workers, Duration warmup, Duration window, Supplier<Usage> usage) {
        List<Share> shares = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : workers) {
            Share share = new Share();
            shares.add(share);
            Thread thread = new Thread(() -> work(worker, share), "load-" + shares.size());
            threads.add(thread);
            thread.start();
        }
        sleep(warmup);
        Usage before = usage.get();
        long start = System.nanoTime();
        from = start;
        sleep(window);
        ended = true;
        double seconds = (System.nanoTime() - start) / 1e9;
        Usage used = usage.get().minus(before);
        join(threads);
        Optional.ofNullable(failure.get()).ifPresent(e -> {
            throw new IllegalStateException("a worker failed", e);
        });
        Timings all = Timings.of(shares.stream().map(share -> share.timings).toList());
        return new Result(all, shares.stream().mapToLong(share -> share.refused).sum(), seconds, used);
    }

    private void work(Worker worker, Share share) {
        try (worker) {
            while (!ended && failure.get() == null) {
                long start = System.nanoTime();
                boolean done = worker.once();
                long end = System.nanoTime();
                if (end >= from && !ended) {
                    if (done) {
                        share.timings.add(end - start);
                    } else {
                        share.refused++;
                    }
                }
            }
        } catch (Exception | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    private void sleep(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        try {
            while (System.nanoTime() < end && failure.get() == null) {
                Thread.sleep(Math.max(1, Math.min(50, (end - System.nanoTime()) / 1_000_000)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void join(List<Thread> threads) {
        long end = System.nanoTime() + END.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                if (thread.isAlive()) {
                    throw new IllegalStateException("still working: " + thread.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
