package org.contactsync.checkcode;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * An unsigned integer of 256 bits: one entry, or the sum of many modulo 2^256.
 *
 * @param a bits 255 to 192
 * @param b bits 191 to 128
 * @param c bits 127 to 64
 * @param d bits 63 to 0
 */
public record EntrySum(long a, long b, long c, long d) {
    public static final EntrySum ZERO = new EntrySum(0, 0, 0, 0);
    public static final int BYTES = 32;

    /** @param bytes 32 bytes, big-endian */
    public static EntrySum of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("entry sum: 32 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new EntrySum(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    public EntrySum plus(EntrySum other) {
        long d1 = d + other.d;
        long carry = carry(d, other.d, d1);
        long c0 = c + other.c;
        long c1 = c0 + carry;
        carry = carry(c, other.c, c0) | carry(c0, carry, c1);
        long b0 = b + other.b;
        long b1 = b0 + carry;
        carry = carry(b, other.b, b0) | carry(b0, carry, b1);
        return new EntrySum(a + other.a + carry, b1, c1, d1);
    }

    public EntrySum minus(EntrySum other) {
        return plus(other.negated());
    }

    /** 32 bytes, big-endian, a new array. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    private EntrySum negated() {
        return new EntrySum(~a, ~b, ~c, ~d).plus(new EntrySum(0, 0, 0, 1));
    }

    /** 1 when the unsigned sum of x and y did not fit into 64 bits. */
    private static long carry(long x, long y, long sum) {
        return ((x & y) | ((x | y) & ~sum)) >>> 63;
    }
}
