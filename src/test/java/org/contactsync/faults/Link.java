package org.contactsync.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A piece of network between an instance and something that it needs: forwards TCP connections until it is cut or falls silent.
 * Thread-safe.
 */
final class Link implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int BUFFER = 64 * 1024;
    private static final long STACK = 64 * 1024;

    /** What happens to what is sent. */
    private enum State {
        /** It arrives. */
        OPEN,
        /** Nobody hears of it: it is kept, and arrives when the link is open again, however late. */
        SILENT,
        /** Every connection is reset, a new one too. */
        CUT
    }

    private final String name;
    private final ServerSocket door;
    private final String host;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private State state = State.OPEN;
    private boolean closed;

    /**
     * Begins to accept connections.
     *
     * @param localPort where, 0 for any
     * @param port where they go to
     */
    Link(String name, InetAddress bind, int localPort, String host, int port) {
        this.name = name;
        this.host = host;
        this.port = port;
        try {
            door = new ServerSocket(localPort, 200, bind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("accept", this::accept);
    }

    String name() {
        return name;
    }

    /** Where to connect to instead. */
    int localPort() {
        return door.getLocalPort();
    }

    void silence() {
        set(State.SILENT);
    }

    /** Resets all connections and those that come. */
    void cut() {
        set(State.CUT);
        sockets.forEach(Link::reset);
    }

    /** Works again; what was held back arrives now. */
    void heal() {
        set(State.OPEN);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(Link::reset);
    }

    private synchronized void set(State next) {
        state = next;
        notifyAll();
    }

    private synchronized State state() {
        return state;
    }

    /** @return false when the link is closed */
    private synchronized boolean awaitSound() throws InterruptedException {
        while (state == State.SILENT && !closed) {
            wait();
        }
        return !closed;
    }

    private void accept() {
        while (true) {
            try {
                Socket from = door.accept();
                sockets.add(from);
                if (state() == State.CUT) {
                    reset(from);
                } else {
                    run("connect", () -> connect(from));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket from) {
        Socket to = new Socket();
        sockets.add(to);
        try {
            if (!awaitSound()) {
                reset(from);
                return;
            }
            to.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            to.setTcpNoDelay(true);
            from.setTcpNoDelay(true);
            run("back", () -> forward(to, from));
            forward(from, to);
        } catch (IOException | InterruptedException e) {
            reset(from);
            reset(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!awaitSound()) {
                    return;
                }
                out.write(buffer, 0, read);
            }
            awaitSound();
            from.close();
            to.close();
        } catch (IOException | InterruptedException e) {
            reset(from);
            reset(to);
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Not the polite end of a connection: RST. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private void run(String what, Runnable work) {
        Thread thread = new Thread(null, work, "link-" + name + "-" + what, STACK);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String toString() {
        return name;
    }
}
