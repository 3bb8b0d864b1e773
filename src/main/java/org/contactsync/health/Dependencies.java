package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.contactsync.log.FailureLog;
import org.contactsync.log.FailureText;
import org.contactsync.queue.message.BrokerCheck;
import org.contactsync.store.check.ClosedDatabase;
import org.contactsync.store.check.DatabaseCheck;
import org.jspecify.annotations.Nullable;

/**
 * Checks the database and the broker every two seconds, so that no request has to. Each check has its own thread, so that
 * it runs even if all threads of the server are waiting. A check without an answer ends by its own time limit. Thread-safe.
 */
@ApplicationScoped
public class Dependencies {
    private static final Logger LOG = System.getLogger(Dependencies.class.getName());
    private static final FailureLog FAILURES = FailureLog.of(Dependencies.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** One for each check. */
    private static final int THREADS = 2;

    private final LastAnswer database = new LastAnswer(System::nanoTime);
    private final LastAnswer broker = new LastAnswer(System::nanoTime);

    @Resource
    private @Nullable ManagedThreadFactory threads;

    private @Nullable ScheduledExecutorService asking;

    /** For the container. */
    public Dependencies() {}

    /** Starts the checks; called once, at start. */
    public synchronized void watch(DatabaseCheck databaseCheck, BrokerCheck brokerCheck) {
        ManagedThreadFactory factory = threads;
        if (factory == null) {
            throw new IllegalStateException("no threads");
        }
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(THREADS, factory);
        asking = executor;
        repeat(executor, "database", database, () -> {
            try {
                databaseCheck.check();
            } catch (SQLException e) {
                if (ClosedDatabase.is(e) && !executor.isShutdown()) {
                    FailedStart.endRunning("the embedded database has closed itself: " + FailureText.of(e));
                }
                throw e;
            }
            return true;
        });
        repeat(executor, "broker", broker, () -> {
            brokerCheck.check();
            return true;
        });
    }

    /** Whether the database has answered recently. */
    boolean databaseAnswers() {
        return database.good();
    }

    /** Whether the broker has answered recently. */
    boolean brokerAnswers() {
        return broker.good();
    }

    /** Whether the database was checked and does not answer. */
    boolean databaseAway() {
        return database.away();
    }

    /** Whether the broker was checked and does not answer. */
    boolean brokerAway() {
        return broker.away();
    }

    @PreDestroy
    synchronized void stop() {
        ScheduledExecutorService executor = asking;
        if (executor != null) {
            executor.shutdownNow();
        }
    }

    private static void repeat(
            ScheduledExecutorService executor, String name, LastAnswer answer, Callable<Boolean> question) {
        AtomicReference<String> said = new AtomicReference<>("");
        executor.scheduleWithFixedDelay(
                () -> ask(name, question, answer, said), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void ask(String name, Callable<Boolean> question, LastAnswer answer, AtomicReference<String> said) {
        boolean good = false;
        try {
            good = question.call();
        } catch (Exception e) {
            // Logged once per reason, not every two seconds: fixing one cause may reveal another.
            String reason = FailureText.kind(e);
            if (!reason.equals(said.getAndSet(reason))) {
                FAILURES.warning(name + " does not answer", e);
            }
        }
        if (good && !answer.good()) {
            LOG.log(Level.INFO, "{0} answers", name);
        }
        if (good) {
            said.set("");
        }
        answer.record(good);
    }
}
