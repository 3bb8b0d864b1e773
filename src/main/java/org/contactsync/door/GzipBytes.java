package org.contactsync.door;

import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses an answer for a client that accepts gzip (RFC 9110 §12.5.3). It favours time over size: a MiB takes a few
 * milliseconds. Its memory is outside the heap until it is closed, so it must always be closed or freed. One thread at a
 * time.
 */
public final class GzipBytes extends GZIPOutputStream {
    static final String CODING = "gzip";
    private static final int BUFFER = 8 * 1024;

    public GzipBytes(OutputStream out) throws IOException {
        super(out, BUFFER, true);
        def.setLevel(Deflater.BEST_SPEED);
    }

    /** Frees the memory without completing the output. */
    public void free() {
        def.end();
    }

    /** Whether {@code Accept-Encoding} names gzip, or {@code *}, without refusing it; malformed parts are ignored. */
    public static boolean isAccepted(HttpHeaders headers) {
        String value = headers.getHeaderString(HttpHeaders.ACCEPT_ENCODING);
        boolean any = false;
        for (String each :
                value == null ? new String[0] : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = each.split(";", 2);
            String coding = parts[0].strip();
            boolean refused = parts.length > 1
                    && !parts[1].strip().matches("q=(0\\.0{0,2}[1-9][0-9]{0,2}|1(\\.0{0,3})?|0?\\.[0-9]*[1-9][0-9]*)");
            if (coding.equals(CODING)) {
                return !refused;
            }
            any |= coding.equals("*") && !refused;
        }
        return any;
    }
}
