package org.contactsync.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A proxy in front of a database or a broker on this machine that does to connections what networks do. Thread-safe.
 *
 * <pre>
 *   passing      bytes go both ways
 *   cut()        every connection is reset at once, new ones are reset as soon as they come
 *   blackHole()  connections stay open and are taken, but no byte arrives any more
 *   slow(delay)  every piece of bytes is late by the delay, in each direction
 *   heal()       passes again; what was held in a black hole arrives
 * </pre>
 */
public final class TcpProxy implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int PIECE = 64 * 1024;

    private enum Mode {
        PASSING,
        CUT,
        BLACK_HOLE
    }

    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object changed = new Object();
    private volatile Mode mode = Mode.PASSING;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean closed;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    private TcpProxy(ServerSocket listening, InetSocketAddress target) {
        this.listening = listening;
        this.target = target;
    }

    /** A proxy on a free port of the loopback address. */
    public static TcpProxy to(String host, int port) {
        return at("localhost", 0, host, port);
    }

    /** A proxy on an address and port of this machine. */
    public static TcpProxy at(String address, int listeningPort, String host, int port) {
        try {
            ServerSocket listening = new ServerSocket(listeningPort, 200, InetAddress.getByName(address));
            TcpProxy proxy = new TcpProxy(listening, new InetSocketAddress(host, port));
            start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Connections that are open through the proxy now. */
    public int connections() {
        return open.size() / 2;
    }

    /** Bytes that came from clients. */
    public long sent() {
        return sent.sum();
    }

    /** Bytes that came from behind the proxy. */
    public long received() {
        return received.sum();
    }

    public void cut() {
        become(Mode.CUT, Duration.ZERO);
        open.forEach(TcpProxy::reset);
    }

    public void blackHole() {
        become(Mode.BLACK_HOLE, Duration.ZERO);
    }

    public void slow(Duration late) {
        become(Mode.PASSING, late);
    }

    public void heal() {
        become(Mode.PASSING, Duration.ZERO);
    }

    @Override
    public void close() {
        closed = true;
        cut();
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void become(Mode next, Duration late) {
        synchronized (changed) {
            mode = next;
            delay = late;
            changed.notifyAll();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                start(() -> connect(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            if (mode == Mode.CUT) {
                reset(client);
                return;
            }
            open.add(client);
            open.add(server);
            await();
            server.connect(target, (int) CONNECT.toMillis());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(() -> copy(client, server, sent));
            copy(server, client, received);
        } catch (IOException | InterruptedException e) {
            closeBoth(client, server);
        }
    }

    /** Ends both when one of them ends: what is behind the proxy never sees half a connection. */
    private void copy(Socket from, Socket to, LongAdder counted) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                counted.add(n);
                Thread.sleep(delay.toMillis());
                await();
                out.write(piece, 0, n);
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // A connection that ends is what this is for.
        } finally {
            closeBoth(from, to);
        }
    }

    /** Waits while nothing may pass. */
    private void await() throws InterruptedException {
        synchronized (changed) {
            while (mode == Mode.BLACK_HOLE) {
                changed.wait();
            }
        }
    }

    private void closeBoth(Socket one, Socket other) {
        close(one);
        close(other);
        open.remove(one);
        open.remove(other);
    }

    /** Without the polite end of a connection. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // It has ended already.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
