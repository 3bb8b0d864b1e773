package org.contactsync.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer, cached and refreshed in the background. A token that names an unknown key causes a fetch, by one
 * request at a time and not within {@link #PAUSE} of the previous one, however many such tokens arrive: so a made-up name
 * neither becomes a load on the issuer nor uses up what the next one needs, and a new key is known after {@code PAUSE} and one
 * fetch at most. No token that names a known key ever waits. Thread-safe.
 */
final class KnownKeys implements JWKSource<SecurityContext>, Closeable {
    /** Between the ends of two fetches that tokens asked for. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    /** Who waits at most for a fetch by another request while no keys are known; more than that are told to come again. */
    private static final int MOST_WAITING = 16;

    /** Fetches the keys; ends by its own time limits. */
    interface Fetch {
        JWKSet keys() throws Exception;
    }

    private record Known(JWKSet keys, long nanos) {}

    private final Fetch fetch;
    private final LongSupplier nanoTime;
    private final Duration believed;
    private final Duration wait;
    private final ReentrantLock fetching = new ReentrantLock();
    private final ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "contact-sync issuer keys");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable Known known;

    /** When the last fetch ended; with it stands why it failed. */
    private volatile @Nullable Long lastEnd;

    private volatile @Nullable Exception failure;

    /**
     * @param renewed how often the keys are fetched without being asked for
     * @param believed how long they are believed while the issuer does not answer
     * @param wait how long a request waits for a fetch by another one
     */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the executor, and throws nothing
    KnownKeys(Fetch fetch, LongSupplier nanoTime, Duration renewed, Duration believed, Duration wait) {
        this.fetch = fetch;
        this.nanoTime = nanoTime;
        this.believed = believed;
        this.wait = wait;
        renewing.scheduleWithFixedDelay(this::renew, renewed.toMillis(), renewed.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The keys that the selector wants; none when the issuer has none such.
     *
     * @throws KeySourceException when no keys are known and none can be fetched now
     */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        Known before = validKeys();
        if (before != null) {
            List<JWK> keys = selector.select(before.keys());
            if (!keys.isEmpty()) {
                return keys;
            }
        }
        if (before == null) {
            fetchFirst();
        } else if (fetching.tryLock()) {
            fetchInTurn(before);
        }
        Known now = validKeys();
        if (now == null) {
            throw new KeySourceException("no keys of the issuer are known: " + reason(), failure);
        }
        return selector.select(now.keys());
    }

    @Override
    public void close() {
        renewing.shutdownNow();
    }

    private @Nullable Known validKeys() {
        Known now = known;
        return now != null && nanoTime.getAsLong() - now.nanos() < believed.toNanos() ? now : null;
    }

    /** Nobody can be let in before there are keys: a few requests wait for them. */
    private void fetchFirst() throws KeySourceException {
        try {
            if (fetching.getQueueLength() < MOST_WAITING && fetching.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                fetchInTurn(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeySourceException("interrupted", e);
        }
    }

    /** With the lock, which it frees. */
    @SuppressWarnings("ReferenceEquality") // the very ones that were looked at: others were fetched meanwhile
    private void fetchInTurn(@Nullable Known before) {
        try {
            Long end = lastEnd;
            boolean lately = end != null && nanoTime.getAsLong() - end < PAUSE.toNanos();
            if (validKeys() == before && !lately) {
                fetchNow();
            }
        } finally {
            fetching.unlock();
        }
    }

    private void renew() {
        fetching.lock();
        try {
            fetchNow();
        } finally {
            fetching.unlock();
        }
    }

    private void fetchNow() {
        try {
            known = new Known(fetch.keys(), nanoTime.getAsLong());
            failure = null;
        } catch (Exception e) {
            failure = e;
        }
        lastEnd = nanoTime.getAsLong();
    }

    private String reason() {
        Exception last = failure;
        return last == null ? "they are being fetched" : String.valueOf(last.getMessage());
    }
}
