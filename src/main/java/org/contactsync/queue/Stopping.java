package org.contactsync.queue;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Knows that the process was asked to end, and answers the requests that wait then: no thread of theirs keeps the server from
 * ending, and the replies of other instances do not come any more. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Stopping {
    /** For what this instance has in hand, mostly milliseconds. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private PendingReplies pending;

    @Resource
    private ManagedExecutorService executor;

    private volatile @Nullable Thread hook;
    private volatile boolean now;

    /** For the container's proxy. */
    protected Stopping() {}

    @Inject
    public Stopping(PendingReplies pending) {
        this.pending = pending;
    }

    /** Whether the process has been asked to end: what fails from then on fails for that reason. */
    public boolean now() {
        return now;
    }

    /** The answer to what cannot be ended any more; safe to repeat with the same key. */
    public static Problem problem() {
        return new Problem.Unavailable("the service is stopping; repeat the request with the same key", RETRY);
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
                // The process ends at this moment.
            }
        }
    }

    private void stop() {
        now = true;
        try {
            // The server ends nothing that its own threads are busy with.
            executor.execute(this::endRequests);
        } catch (RejectedExecutionException | IllegalStateException e) {
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
