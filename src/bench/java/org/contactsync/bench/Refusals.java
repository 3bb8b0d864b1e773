package org.contactsync.bench;

import java.util.Map;
import java.util.TreeMap;

/** Answers other than 200, by status and problem. Thread-safe. */
final class Refusals {
    private final Map<String, Integer> counts = new TreeMap<>();

    synchronized void add(Wire.Reply reply) {
        String text = reply.text();
        String detail = text.contains("\"detail\":") ? " " + reply.member("detail") : "";
        counts.merge(reply.status() + detail, 1, Integer::sum);
    }

    /** Such as {@code {503 the queue is full=2}}. */
    @Override
    public synchronized String toString() {
        return counts.toString();
    }
}
