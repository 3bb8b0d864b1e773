package org.contactsync.contact;

import java.nio.charset.StandardCharsets;

/**
 * The name of a contact within its book, chosen by the client.
 *
 * @param value 1 to {@value #MAX_BYTES} bytes when written as UTF-8; well-formed Unicode without control characters
 */
public record Uid(String value) implements Comparable<Uid> {
    /** One byte carries the length in the check code's entry, so 255 is the most there can be (protocol 2.3). */
    public static final int MAX_BYTES = 255;

    /** @throws IllegalArgumentException naming the rule that {@code value} breaks */
    public Uid {
        CardProfile.uidFlaw(value).ifPresent(flaw -> {
            throw new IllegalArgumentException("uid: " + flaw.detail());
        });
    }

    /**
     * The uid of its UTF-8 bytes.
     *
     * @throws IllegalArgumentException when it breaks a rule
     */
    public static Uid of(byte[] utf8) {
        return new Uid(new String(utf8, StandardCharsets.UTF_8));
    }

    /** The UTF-8 bytes, 1 to {@value #MAX_BYTES} of them, a new array at each call. */
    public byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** The order of the UTF-8 bytes, which is that of the code points and not that of {@code String}. */
    @Override
    public int compareTo(Uid other) {
        return java.util.Arrays.compareUnsigned(utf8(), other.utf8());
    }

    @Override
    public String toString() {
        return value;
    }
}
