package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.contactsync.log.FailureLog;
import org.contactsync.log.FailureText;
import org.contactsync.queue.BrokerCheck;
import org.contactsync.store.DatabaseCheck;
import org.jspecify.annotations.Nullable;

/**
 * Checks the database and the broker every two seconds, so that no request has to. Each has a thread of its own, so that checks
 * run even if all threads of the server are waiting. A check without an answer ends by its own time limit. Thread-safe.
 */
@ApplicationScoped
public class Dependencies {
    private static final Logger LOG = System.getLogger(Dependencies.class.getName());
    private static final FailureLog FAILURES = FailureLog.of(Dependencies.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** One for each question. */
    private static final int THREADS = 2;

    private final LastAnswer database = new LastAnswer(System::nanoTime);
    private final LastAnswer broker = new LastAnswer(System::nanoTime);

    @Resource
    private @Nullable ManagedThreadFactory threads;

    private @Nullable ScheduledExecutorService asking;

    /** For the container. */
    public Dependencies() {}

    /** Begins to ask; called once, at start. */
    public synchronized void watch(DatabaseCheck databaseCheck, BrokerCheck brokerCheck) {
        ManagedThreadFactory factory = threads;
        if (factory == null) {
            throw new IllegalStateException("no threads");
        }
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(THREADS, factory);
        asking = executor;
        repeat(executor, "database", database, () -> {
            databaseCheck.check();
            return true;
        });
        repeat(executor, "broker", broker, () -> {
            brokerCheck.check();
            return true;
        });
    }

    /** Whether the database has answered lately. */
    boolean databaseAnswers() {
        return database.good();
    }

    /** Whether the broker has answered lately. */
    boolean brokerAnswers() {
        return broker.good();
    }

    /** Whether the database was asked and does not answer. */
    boolean databaseAway() {
        return database.away();
    }

    /** Whether the broker was asked and does not answer. */
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
            // Said once for each reason, not every two seconds: what is put right first may show what else is wrong.
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
