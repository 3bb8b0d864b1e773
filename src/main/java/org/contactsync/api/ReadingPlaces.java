package org.contactsync.api;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;

/**
 * How many requests may read the database at once, so that one that is slow does not take all threads of the server. A few more
 * may wait for a moment, which a burst needs; the others are refused. A reading has a thread of its own, and its place until it
 * ends, so that its request is answered in time whatever the driver and the persistence provider try. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class ReadingPlaces {
    /** With {@link #WAITING}, fewer than the server's threads ({@code coreThreads}), and half of the database's connections. */
    static final int MOST = 24;

    static final int WAITING = 16;
    private static final Duration MOMENT = Duration.ofMillis(500);

    /** Longer than a book's lock may be waited for, which the first reading of a user may have to. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Semaphore free;
    private final Semaphore waiting;
    private final Duration moment;
    private final Duration answer;

    private Executor executor;

    /** Those of an instance. */
    public ReadingPlaces() {
        this(MOST, WAITING, MOMENT, ANSWER);
    }

    private ReadingPlaces(int most, int mostWaiting, Duration moment, Duration answer) {
        free = new Semaphore(most);
        waiting = new Semaphore(mostWaiting);
        this.moment = moment;
        this.answer = answer;
    }

    ReadingPlaces(int most, int mostWaiting, Duration moment, Duration answer, Executor executor) {
        this(most, mostWaiting, moment, answer);
        this.executor = executor;
    }

    @Resource
    void setExecutor(ManagedExecutorService threads) {
        executor = threads;
    }

    /**
     * Does {@code work}, which uses the database, in another thread.
     *
     * @throws ProblemException {@code unavailable} when too many do so already, or when it takes too long
     */
    <T> T in(Supplier<T> work) {
        if (!free.tryAcquire() && !hadAfterMoment()) {
            throw new ProblemException(new Problem.Unavailable("too many requests read the database", RETRY));
        }
        return inTime(begun(work));
    }

    private <T> CompletableFuture<T> begun(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> done(work), executor);
        } catch (RejectedExecutionException e) {
            free.release();
            throw late();
        }
    }

    private <T> T inTime(CompletableFuture<T> work) {
        try {
            return work.get(answer.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
    }

    private static ProblemException late() {
        return new ProblemException(Problem.Unavailable.databaseLate(RETRY));
    }

    /** Does {@code work} in this thread, when there is a place at once. */
    <T> Optional<T> ifFree(Supplier<T> work) {
        return free.tryAcquire() ? Optional.of(done(work)) : Optional.empty();
    }

    private <T> T done(Supplier<T> work) {
        try {
            return work.get();
        } finally {
            free.release();
        }
    }

    private boolean hadAfterMoment() {
        if (!waiting.tryAcquire()) {
            return false;
        }
        try {
            return free.tryAcquire(moment.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.release();
        }
    }
}
