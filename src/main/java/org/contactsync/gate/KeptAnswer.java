package org.contactsync.gate;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Buffers the body of an answer instead of sending it. One thread at a time. */
final class KeptAnswer extends HttpServletResponseWrapper {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ServletOutputStream stream = new Kept();
    private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8));

    KeptAnswer(HttpServletResponse response) {
        super(response);
    }

    /** The body so far. */
    byte[] body() {
        writer.flush();
        return body.toByteArray();
    }

    /** Sends the answer to the client. */
    void send() throws IOException {
        byte[] bytes = body();
        if (!isCommitted() && bytes.length > 0) {
            getResponse().setContentLength(bytes.length);
            getResponse().getOutputStream().write(bytes);
        }
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return stream;
    }

    @Override
    public PrintWriter getWriter() {
        if (getContentType() != null && !getContentType().contains("charset")) {
            setCharacterEncoding(StandardCharsets.UTF_8.name());
        }
        return writer;
    }

    @Override
    public void flushBuffer() {
        // nothing is sent before it is complete
    }

    private final class Kept extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(@Nullable WriteListener listener) {
            throw new IllegalStateException("kept answers are written at once");
        }

        @Override
        public void write(int b) {
            body.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            body.write(bytes, from, length);
        }
    }
}
