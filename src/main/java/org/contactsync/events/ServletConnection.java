package org.contactsync.events;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.contactsync.log.FailureLog;
import org.contactsync.transport.RequestSocket;

/**
 * A connection of the servlet container. Its answer was begun by the container's stream, and goes on by the socket, in the framing that
 * the container chose (decision 36).
 */
final class ServletConnection implements EventConnection {
    private static final FailureLog LOG = FailureLog.of(ServletConnection.class);

    private final AsyncContext request;
    private final RequestSocket socket;
    private final boolean chunked;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** @param chunked whether the answer has the transfer coding of that name (RFC 9112, 7.1) */
    ServletConnection(AsyncContext request, RequestSocket socket, boolean chunked) {
        this.request = request;
        this.socket = socket;
        this.chunked = chunked;
    }

    @Override
    public boolean send(String text) throws IOException {
        String framed = chunked ? Integer.toHexString(text.length()) + "\r\n" + text + "\r\n" : text;
        return socket.write(ByteBuffer.wrap(framed.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public boolean isGone() {
        return socket.isGone();
    }

    @Override
    public void cut() {
        socket.cut();
        end();
    }

    @Override
    public void end() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        try {
            request.complete();
        } catch (RuntimeException e) {
            LOG.warning("a stream of events was not ended", e);
        }
    }
}
