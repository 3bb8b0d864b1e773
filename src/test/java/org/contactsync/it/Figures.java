package org.contactsync.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Predicate;

/** What an instance says of itself at {@code /metrics}. */
record Figures(String text) {
    /** The figures are made at most once a second. */
    private static final Duration AGE = Duration.ofMillis(1_100);

    /** As they are now: none that were made before this call. */
    static Figures fresh(LibertyServer server) {
        Pause.of(AGE);
        return of(server);
    }

    /** As they are or were a second ago at most. */
    static Figures of(LibertyServer server) {
        try {
            return new Figures(server.send(server.request("/metrics").build()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Steps that this instance, and no other, has worked on since its start and has brought to an outcome. */
    long stepsWorked() {
        return sum(line -> line.startsWith("contactsync_steps_total{"));
    }

    /** Trees of large books that this instance has found there since its start. */
    long treeReads(String source) {
        return sum(line -> line.startsWith("contactsync_tree_reads_total{") && line.contains("\"" + source + "\""));
    }

    /** The figure of this name, which must be there. */
    long value(String name) {
        if (text.lines().noneMatch(line -> line.startsWith(name + "{"))) {
            throw new AssertionError("no figure " + name);
        }
        return sum(line -> line.startsWith(name + "{"));
    }

    private long sum(Predicate<String> which) {
        return (long) text.lines()
                .filter(which)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
