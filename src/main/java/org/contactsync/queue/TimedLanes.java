package org.contactsync.queue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.bounds.OwnerLanes;
import org.contactsync.protocol.Owner;

/** Work of owners in order, for which nobody waits longer than a limit. Thread-safe. */
final class TimedLanes {
    private final OwnerLanes lanes;
    private final Duration most;

    /** @param most from the moment when the work is handed over */
    TimedLanes(OwnerLanes lanes, Duration most) {
        this.lanes = lanes;
        this.most = most;
    }

    /**
     * Runs {@code work} after the owner's earlier work. The result fails if that takes too long or there is no space for it; work that has not
     * started by then does not start any more.
     */
    <T> CompletableFuture<T> run(Owner owner, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, started -> submit(owner, started))
                    .orTimeout(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void submit(Owner owner, Runnable work) {
        if (!lanes.submit(owner, work)) {
            throw new RejectedExecutionException("too much work is waiting");
        }
    }
}
