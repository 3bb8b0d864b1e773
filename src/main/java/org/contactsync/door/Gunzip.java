package org.contactsync.door;

import java.io.ByteArrayOutputStream;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Decompresses one gzip member (RFC 1952), and nothing after it: {@link java.util.zip.GZIPInputStream} reads further
 * members recursively, once for each empty one, until the stack overflows. One body, one thread.
 */
final class Gunzip {
    private static final int BUFFER = 16 * 1024;
    private static final int FIXED = 10;
    private static final int TRAILER = 8;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final byte[] packed;
    private int at;

    private Gunzip(byte[] packed) {
        this.packed = packed;
    }

    /**
     * Decompresses the bytes.
     *
     * @param grown called with the number of decompressed bytes, before more of them are kept
     * @throws ProblemException {@code malformed-request} if it is not one complete member, {@code content-too-large} if it
     *     has more than {@code most} bytes
     */
    static byte[] unpack(byte[] packed, int most, IntConsumer grown) {
        Gunzip gzip = new Gunzip(packed);
        gzip.skipHeader();
        return gzip.inflate(most, grown);
    }

    private void skipHeader() {
        if (packed.length < FIXED + TRAILER) {
            throw malformed();
        }
        int flags = packed[3];
        boolean known = (packed[0] & 0xFF) == 0x1F && (packed[1] & 0xFF) == 0x8B && packed[2] == DEFLATE;
        if ((flags & RESERVED) != 0 || !known) {
            throw malformed();
        }
        at = FIXED;
        if ((flags & EXTRA) != 0) {
            skip(2);
            skip((packed[at - 2] & 0xFF) | (packed[at - 1] & 0xFF) << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
    }

    private void skip(int bytes) {
        if (bytes > packed.length - TRAILER - at) {
            throw malformed();
        }
        at += bytes;
    }

    private void skipText() {
        do {
            skip(1);
        } while (packed[at - 1] != 0);
    }

    private byte[] inflate(int most, IntConsumer grown) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed, at, packed.length - at);
            CRC32 crc = new CRC32();
            ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int n = inflater.inflate(buffer);
                if (n == 0 && !inflater.finished()) {
                    // Truncated, or compressed with a dictionary.
                    throw malformed();
                }
                if (out.size() + n > most) {
                    throw RequestBody.tooLarge(most);
                }
                grown.accept(out.size() + n);
                crc.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
            at = packed.length - inflater.getRemaining();
            if (inflater.getRemaining() != TRAILER || number() != crc.getValue() || number() != out.size()) {
                throw malformed();
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw malformed();
        } finally {
            inflater.end();
        }
    }

    /** Four bytes, the least significant one first. */
    private long number() {
        long number = 0;
        for (int i = 0; i < 4; i++) {
            number |= (packed[at++] & 0xFFL) << 8 * i;
        }
        return number;
    }

    private static ProblemException malformed() {
        return ProblemException.of(ProblemType.MALFORMED_REQUEST, "the body is not one well-formed gzip member");
    }
}
