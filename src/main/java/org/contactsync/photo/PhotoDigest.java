package org.contactsync.photo;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The SHA-256 of the bytes of a photo, by which it is stored and named.
 *
 * @param hex 64 hexadecimal digits in lower case
 */
public record PhotoDigest(String hex) implements Comparable<PhotoDigest> {
    /** What a card has before the digits (protocol 4.27.2; RFC 6920 §7). */
    public static final String URI_PREFIX = "nih:sha-256;";

    public static final int DIGITS = 64;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + DIGITS + "}");

    /** @throws IllegalArgumentException for anything but 64 hexadecimal digits in lower case */
    public PhotoDigest {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a digest has " + DIGITS + " hexadecimal digits in lower case");
        }
    }

    /** @param sha256 32 bytes */
    public static PhotoDigest of(byte[] sha256) {
        return new PhotoDigest(HexFormat.of().formatHex(sha256));
    }

    /** The digest with these digits; empty if they are none. */
    public static Optional<PhotoDigest> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new PhotoDigest(text)) : Optional.empty();
    }

    /** 32 bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** What a card refers to the photo with. */
    public String uri() {
        return URI_PREFIX + hex;
    }

    @Override
    public int compareTo(PhotoDigest other) {
        return hex.compareTo(other.hex);
    }
}
