package org.contactsync.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.contactsync.faults.Operation.Kind;
import org.contactsync.faults.Operation.Request;

/** All that all devices did. Thread-safe. */
final class Log {
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, List<Reading>> readings = new TreeMap<>();
    private final Map<String, List<PastReading>> pastReadings = new TreeMap<>();
    private final Map<String, List<Event>> events = new TreeMap<>();
    private final long start = System.nanoTime();

    /** Nanoseconds since the log was begun. */
    long now() {
        return System.nanoTime() - start;
    }

    synchronized Operation begin(
            String user, String device, Kind kind, UUID key, String firstCode, boolean rebase, List<Edit> edits) {
        return add(new Request(operations.size() + 1, user, device, kind, key, firstCode, rebase, edits));
    }

    /** @param firstCode empty if the book may be any */
    synchronized Operation beginRestore(
            String user, String device, Kind kind, UUID key, String firstCode, String target) {
        return add(new Request(operations.size() + 1, user, device, kind, key, firstCode, false, List.of(), target));
    }

    private Operation add(Request request) {
        Operation operation = new Operation(request);
        operations.add(operation);
        return operation;
    }

    synchronized void read(String user, Reading reading) {
        readings.computeIfAbsent(user, each -> new ArrayList<>()).add(reading);
    }

    synchronized void readPast(String user, PastReading reading) {
        pastReadings.computeIfAbsent(user, each -> new ArrayList<>()).add(reading);
    }

    synchronized void heard(String user, Event event) {
        events.computeIfAbsent(user, each -> new ArrayList<>()).add(event);
    }

    synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    synchronized List<History> histories(Function<String, StoredBook> stored) {
        Map<String, List<Operation>> byUser = operations.stream()
                .collect(Collectors.groupingBy(each -> each.request().user(), TreeMap::new, Collectors.toList()));
        return byUser.entrySet().stream()
                .map(each -> new History(
                        each.getKey(),
                        each.getValue(),
                        readings.getOrDefault(each.getKey(), List.of()),
                        pastReadings.getOrDefault(each.getKey(), List.of()),
                        events.getOrDefault(each.getKey(), List.of()),
                        stored.apply(each.getKey())))
                .toList();
    }

    synchronized int readings() {
        return size(readings);
    }

    synchronized int pastReadings() {
        return size(pastReadings);
    }

    synchronized int events() {
        return size(events);
    }

    private static int size(Map<String, ? extends List<?>> lists) {
        return lists.values().stream().mapToInt(List::size).sum();
    }

    /** A line for each kind: how many operations ended how. */
    synchronized Map<String, Map<String, Long>> counts() {
        return operations.stream()
                .collect(Collectors.groupingBy(
                        each -> each.request().kind().name() + (each.request().rebase() ? " with rebase" : ""),
                        TreeMap::new,
                        Collectors.groupingBy(Log::outcome, TreeMap::new, Collectors.counting())));
    }

    private static String outcome(Operation operation) {
        Outcome outcome = operation.outcome();
        if (outcome instanceof Outcome.Failed failed) {
            return "failed (" + failed.why().replace("urn:contact-sync:problem:", "") + ")";
        }
        return outcome instanceof Outcome.Ok ? "ok" : "unknown";
    }
}
