package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.contactsync.queue.BrokerCheck;
import org.contactsync.store.DatabaseCheck;
import org.jspecify.annotations.Nullable;

/** Asks the database and the broker every two seconds, each in a thread of its own, so that no request has to. Thread-safe. */
@ApplicationScoped
public class Dependencies {
    private static final Logger LOG = System.getLogger(Dependencies.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final int MOST_CAUSES = 20;

    private final LastAnswer database = new LastAnswer(Clock.systemUTC());
    private final LastAnswer broker = new LastAnswer(Clock.systemUTC());
    private final List<Future<?>> questions = new ArrayList<>();

    @Resource
    private @Nullable ManagedScheduledExecutorService executor;

    /** For the container. */
    public Dependencies() {}

    /** Begins to ask; called once, at start. */
    public synchronized void watch(DatabaseCheck databaseCheck, BrokerCheck brokerCheck) {
        ask("database", database, () -> {
            databaseCheck.check();
            return true;
        });
        ask("broker", broker, () -> {
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

    @PreDestroy
    synchronized void stop() {
        questions.forEach(question -> question.cancel(true));
        questions.clear();
    }

    private void ask(String name, LastAnswer answer, Callable<Boolean> question) {
        ManagedScheduledExecutorService threads = executor;
        if (threads == null) {
            throw new IllegalStateException("no executor");
        }
        AtomicReference<String> said = new AtomicReference<>("");
        questions.add(threads.scheduleWithFixedDelay(
                () -> ask(name, question, answer, said), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static void ask(String name, Callable<Boolean> question, LastAnswer answer, AtomicReference<String> said) {
        boolean good = false;
        try {
            good = question.call();
        } catch (Exception e) {
            // Said once for each reason, not every two seconds: what is put right first may show what else is wrong.
            String reason = reason(e);
            if (!reason.equals(said.getAndSet(reason))) {
                LOG.log(Level.WARNING, name + " does not answer: " + reason, e);
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

    /** The kind of the innermost cause; its text may hold a port that is another one each time. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        for (int i = 0; i < MOST_CAUSES && innermost.getCause() != null; i++) {
            innermost = innermost.getCause();
        }
        return innermost.getClass().getSimpleName();
    }
}
