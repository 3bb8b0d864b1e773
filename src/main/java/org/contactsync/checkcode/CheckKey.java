package org.contactsync.checkcode;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The key of one book's check codes: 32 random bytes made by the server, known to the book's own devices. It keeps
 * crafted contacts from colliding and a leaked code from being searched in a dictionary.
 */
public final class CheckKey {
    public static final int BYTES = 32;
    private final byte[] bytes;

    private CheckKey(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("check key: 32 bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    public static CheckKey of(byte[] bytes) {
        return new CheckKey(bytes.clone());
    }

    /** @throws IllegalArgumentException unless it is base64url, with or without padding, of 32 bytes */
    public static CheckKey ofBase64Url(String text) {
        return new CheckKey(Base64.getUrlDecoder().decode(text));
    }

    public static CheckKey random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new CheckKey(bytes);
    }

    /** The 32 bytes, a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** As on the wire ({@code checkKey}): base64url without padding, 43 characters. */
    public String base64Url() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CheckKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "CheckKey[secret]";
    }
}
