package org.contactsync.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.contactsync.faults.Fold.Step;

/** Whether what was read is a book that was, and not an older one than the reader could expect. One thread at a time. */
final class Readings {
    private final Fold fold;
    private final List<Operation> applied;
    private final List<String> faults = new ArrayList<>();

    /** A reading and the lowest and highest seq that its book may have had. */
    private record Seen(Reading reading, long lowest, long highest) {}

    Readings(Fold fold, List<Operation> applied) {
        this.fold = fold;
        this.applied = applied.stream()
                .filter(each -> each.settled().isPresent())
                .sorted(Comparator.comparing(each -> each.settled().orElseThrow()))
                .toList();
    }

    List<String> check(List<Reading> readings) {
        List<Seen> seen = new ArrayList<>();
        long told = 0;
        int next = 0;
        for (Reading each : readings.stream()
                .sorted(Comparator.comparingLong(Reading::invoked))
                .toList()) {
            for (; next < applied.size() && settled(applied.get(next)) < each.invoked(); next++) {
                told = Math.max(told, Fold.ok(applied.get(next)).seq());
            }
            place(each, told).ifPresent(seen::add);
        }
        monotonic(seen);
        return faults;
    }

    private Optional<Seen> place(Reading reading, long atLeast) {
        List<Step> steps = fold.at(reading.checkCode());
        List<Step> fitting =
                steps.stream().filter(step -> fits(reading, step, atLeast)).toList();
        if (fitting.isEmpty()) {
            List<Long> seqs = steps.stream().map(Step::seq).toList();
            faults.add("a book was read that was not there then: seq " + seqs + ", and at least " + atLeast
                    + " had been told: " + reading);
            return Optional.empty();
        }
        return Optional.of(new Seen(
                reading, fitting.get(0).seq(), fitting.get(fitting.size() - 1).seq()));
    }

    private static boolean fits(Reading reading, Step step, long atLeast) {
        return step.seq() >= atLeast
                && step.by().flatMap(Operation::invoked).orElse(0L) <= reading.returned()
                && reading.seq().map(seq -> seq == step.seq()).orElse(true)
                && reading.contacts()
                        .map(contacts -> contacts.equals(step.contacts()))
                        .orElse(true);
    }

    /** One that begins after another has ended sees no older book. */
    private void monotonic(List<Seen> byBegin) {
        List<Seen> byEnd = byBegin.stream()
                .sorted(Comparator.comparingLong(each -> each.reading().returned()))
                .toList();
        long lowest = 0;
        int next = 0;
        for (Seen each : byBegin) {
            for (;
                    next < byEnd.size()
                            && byEnd.get(next).reading().returned()
                                    < each.reading().invoked();
                    next++) {
                lowest = Math.max(lowest, byEnd.get(next).lowest());
            }
            if (each.highest() < lowest) {
                faults.add("an older book was read than before, seq " + lowest + ": " + each);
            }
        }
    }

    private static long settled(Operation operation) {
        return operation.settled().orElseThrow();
    }
}
