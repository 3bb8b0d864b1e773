package org.contactsync.client.remote;

import java.util.Base64;
import java.util.HexFormat;
import org.contactsync.checkcode.Sha256;

/** Computes SHA-256 in the two formats that the client uses. */
public final class Hashes {
    private Hashes() {}

    public static String sha256Hex(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.digest(bytes));
    }

    /** The value of a Content-Digest header (RFC 9530 §2). */
    public static String contentDigest(byte[] bytes) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(Sha256.digest(bytes)) + ":";
    }
}
