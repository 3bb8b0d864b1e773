package org.contactsync.bounds;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.RequestRate;

/**
 * A token bucket for each user. Only the most recent users are kept; a forgotten user starts with a full bucket, as after a
 * pause. Thread-safe.
 */
public final class UserBuckets {
    private static final double NANOS = 1e9;

    private final RequestRate rate;
    private final LongSupplier nanos;
    private final Map<Owner, Bucket> buckets;

    private static final class Bucket {
        private double tokens;
        private long at;

        Bucket(double tokens, long at) {
            this.tokens = tokens;
            this.at = at;
        }
    }

    public UserBuckets(RequestRate rate, int mostUsers, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
        buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Owner, Bucket> eldest) {
                return size() > mostUsers;
            }
        };
    }

    /**
     * Takes tokens, or none.
     *
     * @param tokens a number above the bucket's size counts as its size
     * @return zero, or the time until there are enough tokens
     */
    public synchronized Duration take(Owner owner, int tokens) {
        Bucket bucket = refill(owner);
        double wanted = Math.min(tokens, rate.burst());
        if (bucket.tokens < wanted) {
            return Duration.ofNanos((long) ((wanted - bucket.tokens) / rate.perSecond() * NANOS) + 1);
        }
        bucket.tokens -= wanted;
        return Duration.ZERO;
    }

    /** Returns a token. */
    public synchronized void giveBack(Owner owner) {
        Bucket bucket = refill(owner);
        bucket.tokens = Math.min(rate.burst(), bucket.tokens + 1);
    }

    /** The number of whole tokens left. */
    public synchronized int left(Owner owner) {
        return (int) refill(owner).tokens;
    }

    synchronized int users() {
        return buckets.size();
    }

    private Bucket refill(Owner owner) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.get(owner);
        if (bucket == null) {
            bucket = new Bucket(rate.burst(), now);
            buckets.put(owner, bucket);
            return bucket;
        }
        bucket.tokens = Math.min(rate.burst(), bucket.tokens + (now - bucket.at) / NANOS * rate.perSecond());
        bucket.at = now;
        return bucket;
    }
}
