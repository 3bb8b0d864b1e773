package org.contactsync.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.RequestRate;

/**
 * A token bucket for each user. Of so many users only those who came last are kept; a user who is forgotten begins with a full
 * bucket, as after a pause. Thread-safe.
 */
final class UserBuckets {
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

    UserBuckets(RequestRate rate, int mostUsers, LongSupplier nanos) {
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
     * @param tokens more than the bucket holds count as all that it holds
     * @return zero, or how long to wait until there are so many
     */
    synchronized Duration take(Owner owner, int tokens) {
        Bucket bucket = filled(owner);
        double wanted = Math.min(tokens, rate.burst());
        if (bucket.tokens < wanted) {
            return Duration.ofNanos((long) ((wanted - bucket.tokens) / rate.perSecond() * NANOS) + 1);
        }
        bucket.tokens -= wanted;
        return Duration.ZERO;
    }

    /** Gives a token back. */
    synchronized void giveBack(Owner owner) {
        Bucket bucket = filled(owner);
        bucket.tokens = Math.min(rate.burst(), bucket.tokens + 1);
    }

    /** Whole tokens that are left. */
    synchronized int left(Owner owner) {
        return (int) filled(owner).tokens;
    }

    synchronized int users() {
        return buckets.size();
    }

    private Bucket filled(Owner owner) {
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
