package org.contactsync.faults;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How many commits had how many changes of several users, over all lives of several instances: at least, because what an instance counted
 * between its last reading and its end is lost. Thread-safe.
 */
final class GroupTally {
    private static final Pattern FIGURE =
            Pattern.compile("(?m)^contactsync_group_commits_total\\{[^}]*steps=\"([^\"]+)\"[^}]*} (\\S+)$");

    private final Map<String, Map<String, Long>> current = new HashMap<>();
    private final Map<String, Long> earlier = new HashMap<>();

    /** @param metrics what the instance says of itself, in Prometheus format */
    synchronized void read(String instance, String metrics) {
        Map<String, Long> now = new HashMap<>();
        Matcher figures = FIGURE.matcher(metrics);
        while (figures.find()) {
            now.put(figures.group(1), (long) Double.parseDouble(figures.group(2)));
        }
        Map<String, Long> before = current.getOrDefault(instance, Map.of());
        if (before.entrySet().stream().anyMatch(each -> now.getOrDefault(each.getKey(), 0L) < each.getValue())) {
            // It has been started again.
            before.forEach((range, commits) -> earlier.merge(range, commits, Long::sum));
        }
        current.put(instance, now);
    }

    /** Commits by the range of their numbers of changes, such as {@code 8-15}, the smallest first. */
    synchronized SortedMap<String, Long> commits() {
        SortedMap<String, Long> all = new TreeMap<>(Comparator.comparingInt(GroupTally::least));
        all.putAll(earlier);
        current.values().forEach(each -> each.forEach((range, commits) -> all.merge(range, commits, Long::sum)));
        return all;
    }

    /** Commits with so many changes or more; the number must begin a range. */
    long ofAtLeast(int changes) {
        return commits().entrySet().stream()
                .filter(each -> least(each.getKey()) >= changes)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static int least(String range) {
        return Integer.parseInt(range.replaceFirst("-.*", ""));
    }

    @Override
    public String toString() {
        return commits().entrySet().stream()
                .map(each -> each.getValue() + " of " + each.getKey())
                .collect(Collectors.joining(", "));
    }
}
