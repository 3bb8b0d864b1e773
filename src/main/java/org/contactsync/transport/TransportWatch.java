package org.contactsync.transport;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks at the connections of the server again and again, in a thread of its own, as long as the application runs. */
@WebListener
public class TransportWatch implements ServletContextListener {
    private static final Logger LOG = System.getLogger(TransportWatch.class.getName());

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** While many threads wait for clients. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(25);

    /** Between two lines of the log that say how many connections were ended. */
    private static final Duration REPORT = Duration.ofMinutes(1);

    @Resource
    private @Nullable ManagedThreadFactory threads;

    private @Nullable Thread thread;

    /** For the container. */
    public TransportWatch() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ManagedThreadFactory factory = threads;
        if (factory == null) {
            throw new IllegalStateException("no threads");
        }
        LibertyConnections connections;
        try {
            connections =
                    LibertyConnections.of(event.getServletContext().getClass().getClassLoader());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of the server does not show its connections", e);
        }
        Thread watch = factory.newThread(() -> watch(connections));
        watch.setName("contact-sync transport watch");
        watch.start();
        thread = watch;
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        Thread watch = thread;
        if (watch != null) {
            watch.interrupt();
        }
    }

    private static void watch(LibertyConnections connections) {
        StuckConnections stuck = new StuckConnections();
        long reportedAt = System.nanoTime();
        long reported = 0;
        while (!Thread.currentThread().isInterrupted()) {
            boolean crowded = false;
            try {
                crowded = stuck.look(connections.all(), System.nanoTime());
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(Level.ERROR, "the connections cannot be looked at; nothing ends those that are stuck", e);
                return;
            }
            long now = System.nanoTime();
            if (stuck.ended() > reported && now - reportedAt >= REPORT.toNanos()) {
                LOG.log(
                        Level.WARNING,
                        "connections ended because their clients did not take or send bytes: {0}",
                        stuck.ended() - reported);
                reported = stuck.ended();
                reportedAt = now;
            }
            try {
                Thread.sleep((crowded ? SHORT_PAUSE : PAUSE).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
