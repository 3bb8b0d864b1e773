package org.contactsync.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.checkcode.Sha256;

/**
 * Recently verified tokens, by their digest, so that the signature need not be checked again for the client's next request.
 * Measured: a check is some 5 % of the processor time of a change and 10 % of its allocations. Bounded in number and
 * bytes; thread-safe.
 */
final class VerifiedTokens {
    /** A key that the issuer took back is believed so much longer. */
    static final Duration KEPT = Duration.ofMinutes(1);

    static final int MOST = 10_000;

    /** What the kept tokens said, roughly: a token may have groups of 16 KiB. */
    static final long MOST_BYTES = 8 * 1024 * 1024;

    /** An entry of the map with its key and its records. */
    private static final int AROUND = 300;

    private final ConcurrentHashMap<ByteBuffer, Kept> kept = new ConcurrentHashMap<>();

    /** Guarded by this; it changes once for each token in {@link #KEPT}. */
    private long bytes;

    private record Kept(VerifiedToken token, Instant until, int bytes) {}

    /** What the token said, if it was kept and its time is not over. */
    Optional<VerifiedToken> find(String token, Instant now) {
        return Optional.ofNullable(kept.get(digest(token)))
                .filter(found -> now.isBefore(found.until()))
                .map(Kept::token);
    }

    /** @param ends when the token is not to be believed any more, whatever is kept */
    synchronized void keep(String token, VerifiedToken verified, Instant now, Instant ends) {
        int size = size(verified);
        if (kept.size() >= MOST || bytes + size > MOST_BYTES) {
            kept.clear();
            bytes = 0;
        }
        Instant until = now.plus(KEPT);
        Kept before = kept.put(digest(token), new Kept(verified, ends.isBefore(until) ? ends : until, size));
        bytes += size - (before == null ? 0 : before.bytes());
    }

    int size() {
        return kept.size();
    }

    private static int size(VerifiedToken token) {
        int characters =
                token.owner().issuer().length() + token.owner().subject().length();
        for (String group : token.groups()) {
            characters += group.length() + AROUND / Character.BYTES;
        }
        return AROUND + characters * Character.BYTES;
    }

    private static ByteBuffer digest(String token) {
        return ByteBuffer.wrap(Sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    }
}
