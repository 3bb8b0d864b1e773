package org.contactsync.webhook.http;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/**
 * A socket whose reads all end at one time, so that one byte a second does not keep a thread, neither during the TLS handshake nor after
 * it. Writes are not begun after that time; they are small enough for the buffers of the connection. One thread at a time.
 */
final class TimedSocket extends Socket {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier nanos;
    private long end;

    /** @param end by {@code nanos} */
    TimedSocket(LongSupplier nanos, long end) {
        // A proxy that is set for the process would connect to an address that nobody has checked.
        super(Proxy.NO_PROXY);
        this.nanos = nanos;
        this.end = end;
    }

    /** Ends it earlier. */
    void endBy(long earlier) {
        if (earlier - end < 0) {
            end = earlier;
        }
    }

    /** At least 1, because 0 means no limit. */
    int millisLeft() throws SocketTimeoutException {
        long left = end - nanos.getAsLong();
        if (left <= 0) {
            throw new SocketTimeoutException("no time left");
        }
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left / NANOS_PER_MILLI));
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                setSoTimeout(millisLeft());
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                setSoTimeout(millisLeft());
                return super.read(bytes, from, length);
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(int value) throws IOException {
                millisLeft();
                out.write(value);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                millisLeft();
                out.write(bytes, from, length);
            }
        };
    }
}
