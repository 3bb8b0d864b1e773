package org.contactsync.hostile;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.contactsync.it.ChunkedBody;

/**
 * One TCP connection over which a test sends exactly the bytes that it wants, and reads only when it wants. One thread at a time,
 * but for {@link #close}.
 */
public final class RawConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 90_000;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int SMALL_WINDOW = 2_048;
    private static final int MOST_LINE = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawConnection(int port, int window) throws IOException {
        socket = new Socket();
        if (window > 0) {
            // Only before it connects is this the window that the server sees.
            socket.setReceiveBufferSize(window);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        out = socket.getOutputStream();
    }

    /** An answer; names of headers in lower case, the last of equal ones. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The value of a header, or the empty text. */
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    public static RawConnection to(int port) throws IOException {
        return new RawConnection(port, 0);
    }

    /** A connection whose receive buffer is so small that the server's answer soon stands still unless it is read. */
    public static RawConnection deafTo(int port) throws IOException {
        return new RawConnection(port, SMALL_WINDOW);
    }

    public RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawConnection send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /**
     * Sends a request and reads its whole answer; the connection stays open.
     *
     * @param headers lines that each end with CR LF
     */
    public Reply exchange(String method, String path, String headers, byte[] body) throws IOException {
        send(request(method, path, headers, body));
        return receive(method.equals("HEAD"));
    }

    /** The bytes of a request with {@code Host} and, when it has a body or may have one, {@code Content-Length}. */
    public static byte[] request(String method, String path, String headers, byte[] body) {
        String length = body.length > 0 || method.startsWith("P") ? "Content-Length: " + body.length + "\r\n" : "";
        byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + length + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    /** Reads until a text has come, and returns all up to its end; fails if it does not come in time. */
    public String read(Duration most, String wanted) throws IOException {
        StringBuilder all = new StringBuilder();
        socket.setSoTimeout((int) most.toMillis());
        long end = System.nanoTime() + most.toNanos();
        while (all.indexOf(wanted) < 0) {
            int next = in.read();
            if (System.nanoTime() - end > 0) {
                throw new SocketTimeoutException("not in time: " + all);
            }
            if (next < 0) {
                throw new EOFException("ended after: " + all);
            }
            all.append((char) next);
        }
        return all.toString();
    }

    /**
     * Reads one answer.
     *
     * @throws EOFException when the server closed the connection first
     */
    public Reply receive(boolean bodiless) throws IOException {
        String line = line();
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (bodiless || status == 204 || status == 304 || status < 200) {
            return new Reply(status, headers, new byte[0]);
        }
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return new Reply(status, headers, ChunkedBody.read(this::line, this::bytes));
        }
        String length = headers.get("content-length");
        return new Reply(status, headers, length == null ? in.readAllBytes() : bytes(Integer.parseInt(length)));
    }

    /** Whether some of an answer is there. */
    public boolean isAnswered() throws IOException {
        return in.available() > 0;
    }

    /** Reads and drops what comes, at most so many bytes. */
    public int skip(int most) throws IOException {
        return in.readNBytes(most).length;
    }

    /** Whether the server ends this connection in that time; reads and drops what it sends meanwhile. */
    public boolean endsWithin(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        byte[] dropped = new byte[8192];
        while (true) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            socket.setSoTimeout((int) left);
            try {
                if (in.read(dropped) < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true; // reset
            } finally {
                socket.setSoTimeout(TIMEOUT_MILLIS);
            }
        }
    }

    /** Ends the connection with a reset, as a client that crashed. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends only the direction to the server. */
    public void endSending() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        while (line.length() < MOST_LINE) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        throw new IOException("a line of the answer is too long");
    }
}
