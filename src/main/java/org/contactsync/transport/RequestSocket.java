package org.contactsync.transport;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The socket under a request whose answer has begun and is not finished. Nothing here waits for the client. While somebody uses it,
 * nobody may write by the servlet's own stream. One thread at a time.
 */
public final class RequestSocket {
    /** Bytes that are dropped at once of what a client sends although it waits for an answer. */
    private static final int DROPPED = 64;

    /** In bytes: some dozen short texts. */
    private static final int KEPT = 16 * 1024;

    private final SocketChannel channel;

    RequestSocket(SocketChannel channel) {
        if (channel.isBlocking()) {
            throw new IllegalStateException("a socket whose threads wait");
        }
        this.channel = channel;
    }

    /** Bounds what the system keeps for a client that does not read; the buffer of answers would be many times that. */
    public void keepLittle() throws IOException {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, KEPT);
    }

    /**
     * Gives bytes to the socket.
     *
     * @return whether it has taken all of them; if not, its buffer is full, because the client has not read for long
     */
    public boolean write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        return !bytes.hasRemaining();
    }

    /** Whether the client has closed the connection. What it sends instead, although an answer is on its way, is dropped. */
    public boolean isGone() {
        try {
            return channel.read(ByteBuffer.allocate(DROPPED)) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Makes every further use fail at once, and drops what the client has not taken. Whoever has the request closes the connection. */
    public void cut() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.shutdownInput();
            channel.shutdownOutput();
        } catch (IOException e) {
            // It is closed: nothing is left to cut.
            return;
        }
    }
}
