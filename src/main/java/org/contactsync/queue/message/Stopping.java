package org.contactsync.queue.message;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.UnavailableReason;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that the process was asked to stop, and answers the requests that wait at that moment: no thread of theirs
 * delays the server's end, and replies of other instances no longer arrive. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Stopping {
    /** Time for the work in progress in this instance, which mostly takes milliseconds. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private PendingReplies pending;

    @Resource
    private ManagedExecutorService executor;

    private final List<Runnable> work = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread hook;
    private volatile boolean now;

    /** For the container's proxy. */
    protected Stopping() {}

    @Inject
    public Stopping(PendingReplies pending) {
        this.pending = pending;
    }

    /** Whether the process has been asked to stop: failures after that have this reason. */
    public boolean now() {
        return now;
    }

    /** The answer to a request that can no longer be completed; safe to repeat with the same key. */
    public static Problem problem() {
        return new Problem.Unavailable(UnavailableReason.STOPPING, RETRY);
    }

    /** Has something run on a thread of the server when the process is asked to stop. */
    public void whenStopping(Runnable run) {
        work.add(run);
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        Thread thread = new Thread(this::stop, "contact-sync stopping");
        Runtime.getRuntime().addShutdownHook(thread);
        hook = thread;
    }

    @PreDestroy
    void end() {
        Thread thread = hook;
        if (thread != null && !now) {
            try {
                Runtime.getRuntime().removeShutdownHook(thread);
            } catch (IllegalStateException e) {
                // The process is ending right now.
            }
        }
    }

    private void stop() {
        now = true;
        try {
            // On a thread of the server, which waits for such work before it stops.
            executor.execute(this::endRequests);
            work.forEach(executor::execute);
        } catch (RejectedExecutionException | IllegalStateException e) {
            // The server is ending already: the leases end what is not ended here.
            endRequests();
        }
    }

    private void endRequests() {
        long end = System.nanoTime() + GRACE.toNanos();
        try {
            while (pending.size() > 0 && System.nanoTime() < end) {
                Thread.sleep(POLL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pending.endAll(new Outcome.Refused(problem()));
    }
}
