package org.contactsync.sync.step;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.contactsync.checkcode.Sha256;

/**
 * Identifies a request, to check that a repeated {@code Idempotency-Key} came with the same one. It also says whether the request restores
 * what was: every version keeps and sends it as it is, so that this is known wherever the task is, and no client can say it.
 *
 * @param hex 64 hex digits of a SHA-256; those of a restore begin with {@code r} instead of the first digit
 */
public record RequestDigest(String hex) {
    private static final String RESTORE = "r";

    /** @param operation the operation, with everything except the body that changes its meaning */
    public static RequestDigest of(String operation, byte[] body) {
        MessageDigest sha256 = Sha256.start();
        sha256.update(operation.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        return new RequestDigest(HexFormat.of().formatHex(sha256.digest(body)));
    }

    /** The same for a request that restores a book or a contact. */
    public static RequestDigest ofRestore(String operation, byte[] body) {
        return new RequestDigest(RESTORE + of(operation, body).hex.substring(RESTORE.length()));
    }

    /** Whether the request restores a book or a contact. */
    public boolean isOfRestore() {
        return hex.startsWith(RESTORE);
    }
}
