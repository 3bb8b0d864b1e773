package org.contactsync.sync;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.contactsync.checkcode.Sha256;

/**
 * Tells whether a repeated {@code Idempotency-Key} came with the same request.
 *
 * @param hex 64 hex digits of a SHA-256
 */
public record RequestDigest(String hex) {
    /** @param operation the operation with everything besides the body that changes its meaning */
    public static RequestDigest of(String operation, byte[] body) {
        MessageDigest sha256 = Sha256.start();
        sha256.update(operation.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        return new RequestDigest(HexFormat.of().formatHex(sha256.digest(body)));
    }
}
