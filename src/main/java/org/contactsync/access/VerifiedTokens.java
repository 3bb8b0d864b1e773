package org.contactsync.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.checkcode.Sha256;

/**
 * Tokens that were verified a moment ago, by their digest: the next request of the same client needs no signature checked.
 * Measured: a check is some 5 % of the processor time of a change and 10 % of its allocations. Bounded; thread-safe.
 */
final class VerifiedTokens {
    /** A key that the issuer took back is believed so much longer. */
    static final Duration KEPT = Duration.ofMinutes(1);

    /** Some 3 MiB. */
    static final int MOST = 10_000;

    private final ConcurrentHashMap<ByteBuffer, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(VerifiedToken token, Instant until) {}

    /** What the token said, if it was kept and its time is not over. */
    Optional<VerifiedToken> find(String token, Instant now) {
        return Optional.ofNullable(kept.get(digest(token)))
                .filter(found -> now.isBefore(found.until()))
                .map(Kept::token);
    }

    /** @param ends when the token is not to be believed any more, whatever is kept */
    void keep(String token, VerifiedToken verified, Instant now, Instant ends) {
        if (kept.size() >= MOST) {
            kept.clear();
        }
        Instant until = now.plus(KEPT);
        kept.put(digest(token), new Kept(verified, ends.isBefore(until) ? ends : until));
    }

    int size() {
        return kept.size();
    }

    private static ByteBuffer digest(String token) {
        return ByteBuffer.wrap(Sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    }
}
