package org.contactsync.faults;

import java.net.URI;
import java.time.Duration;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.TcpProxy;

/** One instance of the service, with its pieces of network to the broker and to the database. One thread at a time. */
final class Instance implements AutoCloseable {
    /** A start takes ten seconds on two idle processors. */
    private static final Duration READY = Duration.ofMinutes(8);

    private final String name;
    private final LibertyServer server;
    private final TcpProxy toBroker;
    private final TcpProxy toDatabase;
    private boolean up;

    /** @param server told already where the proxies are */
    Instance(String name, LibertyServer server, TcpProxy toBroker, TcpProxy toDatabase) {
        this.name = name;
        this.server = server;
        this.toBroker = toBroker;
        this.toDatabase = toDatabase;
    }

    Api.Endpoint endpoint() {
        return new Api.Endpoint(name, URI.create("http://localhost:" + server.port()));
    }

    LibertyServer server() {
        return server;
    }

    TcpProxy toBroker() {
        return toBroker;
    }

    TcpProxy toDatabase() {
        return toDatabase;
    }

    /** Starts it if it does not run; {@link #awaitReady} comes after it. */
    void launch() {
        if (!up) {
            server.launch();
            up = true;
        }
    }

    /** Returns when it says that it is able to work. When it does not in time, its threads are in its log. */
    void awaitReady() {
        long end = System.nanoTime() + READY.toNanos();
        while (!server.ready()) {
            if (System.nanoTime() > end) {
                Signals.dumpThreads(ProcessHandle.of(server.pid()).orElseThrow());
                throw new IllegalStateException(name + " is not ready after " + READY + ", its log: " + server.log());
            }
            Pursuit.rest(100);
        }
    }

    void kill() {
        server.kill();
        up = false;
    }

    void freeze() {
        Signals.stop(ProcessHandle.of(server.pid()).orElseThrow());
    }

    void thaw() {
        if (up) {
            Signals.goOn(ProcessHandle.of(server.pid()).orElseThrow());
        }
    }

    /** Ends it and its proxies. */
    @Override
    public void close() {
        server.close();
        toBroker.close();
        toDatabase.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
