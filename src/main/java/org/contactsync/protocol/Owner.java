package org.contactsync.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.contactsync.checkcode.Sha256;

/**
 * Whose book it is: the token's {@code iss} and {@code sub}, never anything from path or body.
 *
 * @param issuer 1 to 512 characters
 * @param subject 1 to 512 characters
 */
public record Owner(String issuer, String subject) {
    private static final int MAX_LENGTH = 512;

    public Owner {
        if (issuer.isEmpty() || issuer.length() > MAX_LENGTH || subject.isEmpty() || subject.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("issuer and subject: 1 to " + MAX_LENGTH + " characters each");
        }
        if (!isWellFormed(issuer) || !isWellFormed(subject)) {
            // Its UTF-8 would be that of another one.
            throw new IllegalArgumentException("issuer and subject: no surrogate stands alone");
        }
    }

    private static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /**
     * The name of the owner where the name itself has no business: message groups, row keys, logs.
     *
     * @return 43 characters of base64url, the SHA-256 of issuer, NUL and subject
     */
    public String key() {
        MessageDigest sha256 = Sha256.start();
        sha256.update(issuer.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sha256.digest(subject.getBytes(StandardCharsets.UTF_8)));
    }

    /** The key only: subjects do not belong in logs. */
    @Override
    public String toString() {
        return "Owner[" + key() + "]";
    }
}
