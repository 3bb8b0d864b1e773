package org.contactsync.client.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The reports that a program waits for, and the last ones: a task may be finished before anybody waits for it. Thread-safe. */
final class Reports {
    private static final int LAST = 100;

    private final Map<Long, CompletableFuture<SyncReport>> awaited = new LinkedHashMap<>();
    private final Map<Long, CompletableFuture<SyncReport>> ended = new LinkedHashMap<>();

    synchronized CompletableFuture<SyncReport> of(long task) {
        CompletableFuture<SyncReport> known = ended.get(task);
        return known == null ? awaited.computeIfAbsent(task, id -> new CompletableFuture<>()) : known;
    }

    synchronized List<Long> awaited() {
        return List.copyOf(awaited.keySet());
    }

    void finished(long task, SyncReport report) {
        end(task).complete(report);
    }

    void failed(long task, Throwable reason) {
        end(task).completeExceptionally(reason);
    }

    void cancel(long task) {
        end(task).cancel(false);
    }

    void failAll(Throwable reason) {
        awaited().forEach(task -> failed(task, reason));
    }

    void cancelAll() {
        awaited().forEach(this::cancel);
    }

    private synchronized CompletableFuture<SyncReport> end(long task) {
        CompletableFuture<SyncReport> waited = awaited.remove(task);
        CompletableFuture<SyncReport> report = waited == null ? new CompletableFuture<>() : waited;
        ended.put(task, report);
        if (ended.size() > LAST) {
            ended.remove(ended.keySet().iterator().next());
        }
        return report;
    }
}
