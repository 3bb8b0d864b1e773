package org.contactsync.checkcode;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** The keyed hash of a contact's card, 32 bytes; the contact's own ETag. On the wire: 64 lower-case hex digits. */
public final class ContentHash {
    public static final int BYTES = 32;

    private final byte[] bytes;

    private ContentHash(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("content hash: 32 bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException unless {@code bytes} has 32 elements */
    public static ContentHash of(byte[] bytes) {
        return new ContentHash(bytes.clone());
    }

    /** @throws IllegalArgumentException unless {@code hex} has 64 lower-case hex digits */
    public static ContentHash ofHex(String hex) {
        if (hex.length() != 2 * BYTES || !hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException("content hash: 64 lower-case hex digits");
        }
        return new ContentHash(HexFormat.of().parseHex(hex));
    }

    /** The 32 bytes, a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContentHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
