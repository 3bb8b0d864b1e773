package org.contactsync.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A body in chunks (RFC 9112, 7.1), for tests that read answers from a socket. */
public final class ChunkedBody {
    private static final int HEXADECIMAL = 16;

    private ChunkedBody() {}

    /** Reads up to the next line feed; without it. */
    public interface Lines {
        String next() throws IOException;
    }

    /** Reads exactly so many bytes. */
    public interface Bytes {
        byte[] next(int length) throws IOException;
    }

    /** Reads all chunks, and the line behind the last. */
    public static byte[] read(Lines lines, Bytes bytes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(lines.next().strip(), HEXADECIMAL);
            body.writeBytes(bytes.next(size));
            lines.next();
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }
}
