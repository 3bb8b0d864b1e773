package org.contactsync.transport;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.contactsync.log.FailureLog;
import org.contactsync.transport.Connection.Wait;
import org.jspecify.annotations.Nullable;

/** Watches the connections of the server in its own thread, as long as the application runs. Thread-safe. */
@ApplicationScoped
public class TransportWatch {
    private static final Logger LOG = System.getLogger(TransportWatch.class.getName());

    private static final FailureLog FAILURES = FailureLog.of(TransportWatch.class);

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** While many threads wait for clients. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(25);

    /** Several checks: a client is silent if two of them see the same state. */
    private static final Duration RELIEF = Duration.ofMillis(500);

    /** Time between two log lines with the number of ended connections. */
    private static final Duration REPORT = Duration.ofMinutes(1);

    @Resource
    private @Nullable ManagedThreadFactory threads;

    /** Clients whose bodies are no longer waited for: a few, each for a moment. */
    private final Set<Client> unwanted = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Thread thread;
    private volatile long reliefUntil = System.nanoTime();

    /** For the container. */
    public TransportWatch() {}

    /** Soon ends connections of clients that do not take their answers, because memory is short. */
    public void relieve() {
        reliefUntil = System.nanoTime() + RELIEF.toNanos();
        LockSupport.unpark(thread);
    }

    /** Makes threads that wait for the body of this client fail, now and until {@link #letGo}. */
    public void endBodyOf(Client client) {
        unwanted.add(client);
        LockSupport.unpark(thread);
    }

    /** No thread waits for the body any more. */
    public void letGo(Client client) {
        unwanted.remove(client);
    }

    /** @param application the servlet context, as CDI defines it for web applications */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        ManagedThreadFactory factory = threads;
        if (factory == null) {
            throw new IllegalStateException("no threads");
        }
        LibertyConnections connections;
        try {
            connections = LibertyConnections.of(application.getClass().getClassLoader());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of the server does not give access to its connections", e);
        }
        Thread watch = factory.newThread(() -> watch(connections));
        watch.setName("contact-sync transport watch");
        thread = watch;
        watch.start();
    }

    @PreDestroy
    void stop() {
        Thread watch = thread;
        if (watch != null) {
            watch.interrupt();
        }
    }

    private void watch(LibertyConnections connections) {
        StuckConnections stuck = new StuckConnections();
        long reportedAt = System.nanoTime();
        long reported = 0;
        while (!Thread.currentThread().isInterrupted()) {
            boolean soon = false;
            try {
                List<Connection> all = connections.all();
                boolean ending = endUnwanted(all);
                soon = stuck.look(all, System.nanoTime(), reliefUntil - System.nanoTime() > 0) || ending;
            } catch (ReflectiveOperationException | RuntimeException e) {
                // Tried again: a connection that was closed meanwhile must not end the watch.
                FAILURES.error("the connections cannot be inspected", e);
            }
            long now = System.nanoTime();
            if (stuck.ended() > reported && now - reportedAt >= REPORT.toNanos()) {
                LOG.log(
                        Level.WARNING,
                        "connections closed because their clients did not read or send bytes: {0}",
                        stuck.ended() - reported);
                reported = stuck.ended();
                reportedAt = now;
            }
            LockSupport.parkNanos((soon ? SHORT_PAUSE : PAUSE).toNanos());
        }
    }

    /** @return whether some may have to be ended at the next check */
    private boolean endUnwanted(List<Connection> all) {
        if (unwanted.isEmpty()) {
            return false;
        }
        for (Connection connection : all) {
            if (connection.waitsFor() == Wait.TO_READ && unwanted.contains(connection.client())) {
                connection.end();
            }
        }
        return true;
    }
}
