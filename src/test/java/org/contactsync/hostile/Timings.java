package org.contactsync.hostile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long requests took, by what they were for. Thread-safe. */
final class Timings {
    /** Takes one duration. */
    interface Recorder {
        void add(String kind, long nanos);
    }

    private final Map<String, List<Long>> nanos = new TreeMap<>();

    synchronized void add(String kind, long took) {
        nanos.computeIfAbsent(kind, each -> new ArrayList<>()).add(took);
    }

    synchronized List<String> kinds() {
        return List.copyOf(nanos.keySet());
    }

    synchronized int count(String kind) {
        return nanos.getOrDefault(kind, List.of()).size();
    }

    /** By the nearest rank; 0 when there is nothing. */
    synchronized double millis(String kind, double percent) {
        long[] sorted = nanos.getOrDefault(kind, List.of()).stream()
                .mapToLong(Long::longValue)
                .toArray();
        if (sorted.length == 0) {
            return 0;
        }
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(percent / 100 * sorted.length) - 1)] / 1e6;
    }

    /** Over all kinds. */
    synchronized double millis(double percent) {
        Timings all = new Timings();
        nanos.values().forEach(each -> each.forEach(one -> all.add("", one)));
        return all.millis("", percent);
    }

    synchronized int count() {
        return nanos.values().stream().mapToInt(List::size).sum();
    }
}
