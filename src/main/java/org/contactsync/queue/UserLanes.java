package org.contactsync.queue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.contactsync.protocol.Owner;

/**
 * Runs the work of each user one after the other, so that one user has one thread of an executor at most. What waits its turn has
 * no thread; how much may wait is the caller's to bound. Thread-safe.
 */
final class UserLanes {
    /** What waits of each user whose work is running. */
    private final Map<Owner, Queue<Runnable>> lanes = new HashMap<>();

    /** @throws RejectedExecutionException when the executor does not take the first work of the user */
    void execute(Owner owner, Runnable work, Executor executor) {
        synchronized (lanes) {
            Queue<Runnable> waiting = lanes.get(owner);
            if (waiting != null) {
                waiting.add(work);
                return;
            }
            lanes.put(owner, new ArrayDeque<>());
        }
        start(owner, work, executor);
    }

    private void start(Owner owner, Runnable work, Executor executor) {
        boolean started = false;
        try {
            executor.execute(() -> {
                try {
                    work.run();
                } finally {
                    startNext(owner, executor);
                }
            });
            started = true;
        } finally {
            if (!started) {
                // What waits behind it is never run; who wants it does not wait for ever.
                synchronized (lanes) {
                    lanes.remove(owner);
                }
            }
        }
    }

    private void startNext(Owner owner, Executor executor) {
        Runnable next;
        synchronized (lanes) {
            Queue<Runnable> waiting = lanes.get(owner);
            next = waiting == null ? null : waiting.poll();
            if (next == null) {
                lanes.remove(owner);
                return;
            }
        }
        start(owner, next, executor);
    }

    int users() {
        synchronized (lanes) {
            return lanes.size();
        }
    }
}
