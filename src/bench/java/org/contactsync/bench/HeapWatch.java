package org.contactsync.bench;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.contactsync.hostile.Vitals;

/** Has the server collect its garbage again and again, and notes what is left. Ends with {@link #most}. */
final class HeapWatch {
    static final long SAMPLE_MILLIS = 200;

    private final CompletableFuture<Double> most = new CompletableFuture<>();
    private volatile boolean ended;

    HeapWatch(long pid) throws IOException {
        Vitals vitals = Vitals.of(pid);
        double before = vitals.liveHeap();
        Thread thread = new Thread(
                () -> {
                    double highest = before;
                    try (vitals) {
                        while (!ended) {
                            highest = Math.max(highest, vitals.liveHeap());
                            Thread.sleep(SAMPLE_MILLIS);
                        }
                        most.complete(highest - before);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        most.completeExceptionally(e);
                    }
                },
                "heap of the server");
        thread.setDaemon(true);
        thread.start();
    }

    double most() {
        ended = true;
        return most.join();
    }
}
