package org.contactsync.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Durations in nanoseconds and their percentiles. One thread at a time. */
final class Timings {
    private long[] values = new long[1024];
    private int count;

    void add(long nanos) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = nanos;
    }

    static Timings of(Collection<Timings> many) {
        Timings all = new Timings();
        many.forEach(each -> Arrays.stream(each.values, 0, each.count).forEach(all::add));
        return all;
    }

    int count() {
        return count;
    }

    /** By the nearest rank; 0 when there is nothing. */
    double millis(double percent) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * count);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }

    String p50() {
        return ms(millis(50));
    }

    String p99() {
        return ms(millis(99));
    }

    static String ms(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : millis < 100 ? "%.1f" : "%.0f", millis);
    }

    static double median(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
