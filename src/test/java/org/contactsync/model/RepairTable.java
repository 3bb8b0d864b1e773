package org.contactsync.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** What repairs cost: requests, and bytes both ways with all headers. */
final class RepairTable {
    private record Repair(long contacts, long differences, Wire.Count cost) {}

    private final Map<String, List<Repair>> repairs = new TreeMap<>();

    void add(String cause, long contacts, long differences, Wire.Count cost) {
        repairs.computeIfAbsent(cause, key -> new ArrayList<>()).add(new Repair(contacts, differences, cost));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%-34s %8s %18s %18s %14s %20s%n"
                .formatted("repair: mean (most)", "times", "contacts", "differences", "requests", "bytes"));
        repairs.forEach((cause, each) -> text.append("%-34s %8d %18s %18s %14s %20s%n"
                .formatted(
                        cause,
                        each.size(),
                        figures(each, Repair::contacts),
                        figures(each, Repair::differences),
                        figures(each, repair -> repair.cost().requests()),
                        figures(each, repair -> repair.cost().bytes()))));
        return text.toString();
    }

    private static String figures(List<Repair> repairs, ToLongFunction<Repair> figure) {
        var all = repairs.stream().mapToLong(figure).summaryStatistics();
        return String.format(Locale.ROOT, "%.1f (%d)", all.getAverage(), all.getMax());
    }
}
