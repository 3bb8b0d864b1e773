package org.contactsync.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.it.ChunkedBody;

/**
 * One HTTP/1.1 connection that is kept alive as long as the server does, over a plain socket: the load generator shares the processors with what it
 * measures and must cost little. One thread at a time.
 */
final class Wire implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 120_000;
    private static final byte[] NOTHING = {};

    private final int port;
    private Connected connected;
    private boolean closing;
    private int reconnects;
    private final ByteArrayOutputStream request = new ByteArrayOutputStream(4096);
    private final byte[] buffer = new byte[64 * 1024];
    private int next;
    private int end;

    private record Connected(Socket socket, InputStream in, OutputStream out) {
        static Connected to(int port) {
            try {
                Socket socket = new Socket(InetAddress.getByName("localhost"), port);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                return new Connected(socket, socket.getInputStream(), socket.getOutputStream());
            } catch (IOException e) {
                throw new IllegalStateException("no connection to port " + port, e);
            }
        }
    }

    /** What came back; {@code tag} without its quotes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, Optional<String> tag, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The value of the first member of that name, be it text or a number. */
        String member(String name) {
            String text = text();
            int at = text.indexOf("\"" + name + "\":");
            if (at < 0) {
                throw new IllegalStateException("no " + name + " in answer " + status + ": " + text);
            }
            int from = at + name.length() + 3;
            boolean quoted = text.charAt(from) == '"';
            from += quoted ? 1 : 0;
            int to = from;
            while (quoted ? text.charAt(to) != '"' : Character.isDigit(text.charAt(to))) {
                to++;
            }
            return text.substring(from, to);
        }

        /** Refuses every other status: what is measured must have worked. */
        Reply require(int wanted) {
            if (status != wanted) {
                throw new IllegalStateException("answer " + status + ", not " + wanted + ": " + text());
            }
            return this;
        }
    }

    Wire(int port) {
        this.port = port;
        connected = Connected.to(port);
    }

    /** How often the server ended a connection that could have been kept. */
    int reconnects() {
        return reconnects;
    }

    /** @param headers lines that each end with CR LF */
    Reply send(String method, String path, String headers, byte[] body) throws IOException {
        request.reset();
        StringBuilder head = new StringBuilder(1024)
                .append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: localhost:")
                .append(port)
                .append("\r\n")
                .append(headers);
        if (body.length > 0 || method.startsWith("P")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        if (closing) {
            reconnect();
        }
        try {
            return exchange(method);
        } catch (EOFException e) {
            // Ended between two requests, or before the answer: every request here may be sent again.
            reconnect();
            return exchange(method);
        }
    }

    private Reply exchange(String method) throws IOException {
        request.writeTo(connected.out());
        connected.out().flush();
        return receive(method.equals("HEAD"));
    }

    Reply send(String method, String path, String headers) throws IOException {
        return send(method, path, headers, NOTHING);
    }

    private Reply receive(boolean bodiless) throws IOException {
        String status = line();
        int code = Integer.parseInt(status.substring(9, 12));
        int length = 0;
        boolean chunked = false;
        Optional<String> tag = Optional.empty();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "connection" -> closing = value.equalsIgnoreCase("close");
                case "etag" -> tag = Optional.of(value.replace("\"", ""));
                default -> {}
            }
        }
        if (bodiless || code == 204 || code == 304) {
            return new Reply(code, tag, NOTHING);
        }
        return new Reply(code, tag, chunked ? ChunkedBody.read(this::line, this::bytes) : bytes(length));
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            if (next == end) {
                fill();
            }
            int part = Math.min(length - done, end - next);
            System.arraycopy(buffer, next, bytes, done, part);
            next += part;
            done += part;
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        while (true) {
            if (next == end) {
                fill();
            }
            char c = (char) (buffer[next++] & 0xff);
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append(c);
            }
        }
    }

    private void fill() throws IOException {
        next = 0;
        end = Math.max(0, connected.in().read(buffer));
        if (end == 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    private void reconnect() {
        close();
        connected = Connected.to(port);
        closing = false;
        next = 0;
        end = 0;
        reconnects++;
    }

    @Override
    public void close() {
        try {
            connected.socket().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
