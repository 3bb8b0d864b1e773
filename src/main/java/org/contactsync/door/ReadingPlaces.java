package org.contactsync.door;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.contactsync.bounds.AwaitedPlaces;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.sync.book.Deadline;

/**
 * Limits how many requests use the database at once, in total and per user, so that neither slow reads nor users who read
 * much take all threads of the server. A few more may wait for a moment, to absorb bursts; the others are refused. A read
 * has its own thread, and keeps its place until it ends, so that its request is answered in time whatever the driver and
 * the persistence provider do. The {@link Deadline} ends a read that nobody waits for any more. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class ReadingPlaces {
    /** With {@link #WAITING}, fewer than the server's threads ({@code coreThreads}), and half of the database's connections. */
    static final int MOST = 24;

    static final int MOST_OF_USER = 4;
    static final int WAITING = 24;
    static final int WAITING_OF_USER = 8;
    private static final Duration MOMENT = Duration.ofMillis(500);

    /** Longer than the wait for a book's lock, which the first read of a user may need. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final AwaitedPlaces places;
    private final Duration answer;

    private Executor executor;

    /** The places of an instance. */
    public ReadingPlaces() {
        this(new UserPlaces(MOST, MOST_OF_USER), new UserPlaces(WAITING, WAITING_OF_USER), MOMENT, ANSWER);
    }

    private ReadingPlaces(UserPlaces places, UserPlaces waiting, Duration moment, Duration answer) {
        this.places = new AwaitedPlaces(places, waiting, moment);
        this.answer = answer;
    }

    ReadingPlaces(UserPlaces places, UserPlaces waiting, Duration moment, Duration answer, Executor executor) {
        this(places, waiting, moment, answer);
        this.executor = executor;
    }

    @Resource
    void setExecutor(ManagedExecutorService threads) {
        executor = threads;
    }

    /**
     * Runs {@code work}, which uses the database, in another thread.
     *
     * @throws ProblemException {@code quota-exceeded} if this user has as many places as allowed, {@code unavailable} if
     *     too many others have one, or if the work takes too long
     */
    public <T> T run(Owner owner, Supplier<T> work) {
        Grant grant = places.take(owner);
        if (grant != Grant.GIVEN) {
            throw refused(grant);
        }
        Deadline deadline = Deadline.in(answer, System::nanoTime);
        return await(start(owner, deadline, work), deadline);
    }

    private <T> CompletableFuture<T> start(Owner owner, Deadline deadline, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> runAndRelease(owner, deadline, work), executor);
        } catch (RejectedExecutionException e) {
            places.release(owner);
            throw late();
        }
    }

    private <T> T await(CompletableFuture<T> work, Deadline deadline) {
        try {
            return work.get(answer.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            deadline.abandon();
            throw late();
        } catch (InterruptedException e) {
            deadline.abandon();
            Thread.currentThread().interrupt();
            throw late();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
    }

    private static ProblemException late() {
        return new ProblemException(new Problem.Unavailable(UnavailableReason.DATABASE_LATE, RETRY));
    }

    /** Runs {@code work} in this thread if a place is free; otherwise empty. */
    public <T> Optional<T> runIfFree(Owner owner, Supplier<T> work) {
        return places.takeNow(owner) == Grant.GIVEN
                ? Optional.of(runAndRelease(owner, Deadline.in(answer, System::nanoTime), work))
                : Optional.empty();
    }

    private <T> T runAndRelease(Owner owner, Deadline deadline, Supplier<T> work) {
        try {
            return deadline.during(() -> {
                deadline.check();
                return work.get();
            });
        } finally {
            places.release(owner);
        }
    }

    private ProblemException refused(Grant grant) {
        return new ProblemException(
                grant == Grant.USER_HAS_MOST
                        ? new Problem.QuotaExceeded(
                                Quota.CONCURRENT_READINGS,
                                places.mostOfOne(),
                                "too many requests of this user are reading at once",
                                RETRY)
                        : new Problem.Unavailable(UnavailableReason.TOO_MANY_READINGS, RETRY));
    }
}
