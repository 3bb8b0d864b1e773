package org.contactsync.checkcode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4), which every Java platform has. */
public final class Sha256 {
    private Sha256() {}

    /** The digest of all bytes: 32 bytes. */
    public static byte[] digest(byte[] bytes) {
        return start().digest(bytes);
    }

    /** A digest of bytes that come one after the other; for one thread. */
    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
