package org.contactsync.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Listens to many sockets with one thread, and says when an event has come to the one that is expected to get one. */
final class Ears implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;
    private static final String EVENT = "\"checkCode\"";

    private final Selector selector = Selector.open();
    private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    private volatile int expected = -1;

    Ears() throws IOException {
        Thread thread = new Thread(this::listen, "listeners");
        thread.setDaemon(true);
        thread.start();
    }

    void add(SocketChannel channel, int number) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, number);
        selector.wakeup();
    }

    /** The next event is to come to this one; of others that come meanwhile nothing is told. */
    void expect(int number) {
        heard.clear();
        expected = number;
    }

    /** The moment at which it came. */
    long await() {
        try {
            Long at = heard.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (at == null) {
                throw new IllegalStateException("no event for listener " + expected);
            }
            return at;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void listen() {
        ByteBuffer buffer = ByteBuffer.allocate(8 * 1024);
        try {
            while (selector.isOpen()) {
                selector.select(key -> read(key, buffer), 1_000);
            }
        } catch (IOException | ClosedSelectorException e) {
            // Closed by its owner, who has what it wanted or waits in vain.
            expected = -1;
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer) {
        long now = System.nanoTime();
        try {
            int read = ((SocketChannel) key.channel()).read(buffer.clear());
            if (read < 0) {
                key.cancel();
                return;
            }
            String text = new String(buffer.array(), 0, read, StandardCharsets.US_ASCII);
            if (text.contains(EVENT) && key.attachment().equals(expected)) {
                heard.add(now);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
