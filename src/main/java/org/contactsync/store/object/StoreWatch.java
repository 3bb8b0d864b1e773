package org.contactsync.store.object;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Knows whether the store answers, so that not every request waits for one that does not: after some failures in a row one call in a while tries
 * it. A store that refuses what it should do is asked all the same. Thread-safe.
 */
final class StoreWatch {
    /** In a row. One may be an accident. */
    static final int FAILURES = 3;

    /** Longer than a photo's client waits before it repeats; short enough that nobody notices the end of an outage late. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private int failures;
    private final Map<String, Integer> refusals = new HashMap<>();
    private long next;

    StoreWatch(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether a call may try the store now. */
    synchronized boolean mayTry() {
        if (failures < FAILURES) {
            return true;
        }
        if (nanos.getAsLong() - next < 0) {
            return false;
        }
        next = nanos.getAsLong() + PAUSE.toNanos();
        return true;
    }

    /** @param method one of a few: what the key may do with one, it need not be allowed with another */
    synchronized void recordSuccess(String method) {
        failures = 0;
        refusals.remove(method);
    }

    /** Of a call that the store has not answered, or only with a failure. */
    synchronized void recordFailure() {
        failures = Math.min(FAILURES, failures + 1);
        next = nanos.getAsLong() + PAUSE.toNanos();
    }

    /** Of a call that the store has refused at once. Others may succeed, and none has to wait for it: all go on. */
    synchronized void recordRefusal(String method) {
        failures = 0;
        refusals.merge(method, 1, (before, one) -> Math.min(FAILURES, before + one));
    }

    /** Whether calls may be expected to succeed. */
    synchronized boolean isFine() {
        return failures < FAILURES
                && refusals.values().stream().mapToInt(Integer::intValue).sum() < FAILURES;
    }
}
