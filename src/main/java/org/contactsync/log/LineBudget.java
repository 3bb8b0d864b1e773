package org.contactsync.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Limits the number of log lines per minute, for each kind and in total. Thread-safe. */
final class LineBudget {
    static final int PER_KIND = 10;
    static final int IN_ALL = 100;

    /** The line must not be written. */
    static final long NONE = -1;

    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    /** The code defines the kinds; beyond this number all others count as one kind. */
    private static final int MOST_KINDS = 500;

    private static final String OTHER = "other";

    private final LongSupplier nanoTime;
    private final Window all;
    private final Map<String, Window> kinds = new HashMap<>();

    /** The lines written since a point in time. */
    private static final class Window {
        private long start;
        private int written;
        private long leftOut;

        private Window(long start) {
            this.start = start;
        }

        boolean isOver(long now) {
            return now - start >= WINDOW_NANOS;
        }

        void startNewIfOver(long now) {
            if (isOver(now)) {
                start = now;
                written = 0;
            }
        }
    }

    LineBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        all = new Window(nanoTime.getAsLong());
    }

    /**
     * Asks for one line.
     *
     * @return {@link #NONE}, or the number of lines of this kind suppressed since the last one written
     */
    synchronized long ask(String kind) {
        long now = nanoTime.getAsLong();
        String known = kinds.containsKey(kind) || kinds.size() < MOST_KINDS ? kind : OTHER;
        Window own = kinds.computeIfAbsent(known, each -> new Window(now));
        own.startNewIfOver(now);
        all.startNewIfOver(now);
        if (own.written >= PER_KIND || all.written >= IN_ALL) {
            own.leftOut++;
            return NONE;
        }
        own.written++;
        all.written++;
        long leftOut = own.leftOut;
        own.leftOut = 0;
        return leftOut;
    }

    /** The numbers of suppressed lines of kinds that may be written again but were not; each is returned once. */
    synchronized Map<String, Long> takeLeftOut() {
        long now = nanoTime.getAsLong();
        Map<String, Long> taken = new TreeMap<>();
        kinds.forEach((kind, window) -> {
            if (window.leftOut > 0 && window.isOver(now)) {
                taken.put(kind, window.leftOut);
                window.leftOut = 0;
            }
        });
        return taken;
    }
}
