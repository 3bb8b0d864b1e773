package org.contactsync.queue;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.ReplyTo;
import org.contactsync.sync.Step;
import org.jspecify.annotations.Nullable;

/**
 * Looks, every second, for work that no message stands for any more, and sends one; removes what is over. Any number of
 * instances may sweep at once.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Sweeper {
    private static final FailureLog LOG = FailureLog.of(Sweeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Time for a message that was sent again to be worked on before another is sent. */
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private static final int OWNERS = 100;
    /** Rows removed in one transaction: some ten milliseconds. */
    private static final int ROWS = 1_000;
    /** Steps of removal in one sweep. */
    private static final int REMOVALS = 20;

    /** Steps of compaction in one sweep: 16 MiB are written anew. */
    private static final int COMPACTIONS = 4;

    private static final UUID NO_TASK = new UUID(0, 0);

    private StepTransaction transaction;
    private Messages messages;
    private Clock clock;
    private FeedUpkeep feeds;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private volatile @Nullable ScheduledFuture<?> sweeping;
    private volatile boolean failing;

    /** For the container's proxy. */
    protected Sweeper() {}

    @Inject
    public Sweeper(StepTransaction transaction, Messages messages, Clock clock, Limits limits) {
        this.transaction = transaction;
        this.messages = messages;
        this.clock = clock;
        feeds = new FeedUpkeep(transaction, limits.changesRetention());
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        sweeping = scheduler.scheduleWithFixedDelay(
                this::sweep, 5 * PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        ScheduledFuture<?> running = sweeping;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void sweep() {
        boolean woken = attempt("wake", this::wakeOwners);
        boolean forgotten = attempt("forget", () -> repeat(() -> transaction.forgetTasks(ROWS)));
        boolean removed = attempt("remove", () -> repeat(() -> transaction.removeGarbage(ROWS)));
        boolean shortened = attempt("feeds", () -> feeds.run(clock.instant()));
        boolean compacted = attempt("compact", this::compact);
        failing = !woken || !forgotten || !removed || !shortened || !compacted;
    }

    private void wakeOwners() {
        Instant now = clock.instant();
        for (Owner owner : transaction.due(AGAIN, OWNERS)) {
            messages.send(wake(owner, now), now.toEpochMilli());
        }
    }

    private void compact() {
        int steps = 0;
        while (steps < COMPACTIONS && transaction.compactStorage()) {
            steps++;
        }
    }

    /** In small steps, until there is nothing left or other work should have its turn. */
    private static void repeat(IntSupplier step) {
        int steps = 0;
        while (steps < REMOVALS && step.getAsInt() > 0) {
            steps++;
        }
    }

    /** One job that fails does not keep the others from their work. */
    private boolean attempt(String job, Runnable work) {
        try {
            work.run();
            return true;
        } catch (RuntimeException e) {
            // An outage is said once; the next sweep tries again.
            if (!failing) {
                LOG.warning("sweep failed, it is tried every second", "job=" + job, e);
            }
            return false;
        }
    }

    /** A message that runs what waits of an owner. */
    static Step wake(Owner owner, Instant now) {
        return wake(owner, Optional.empty(), now);
    }

    /**
     * The same, after a device's task.
     *
     * @param device for who looks at messages; the work is the owner's
     */
    static Step wake(Owner owner, Optional<DeviceId> device, Instant now) {
        // Nobody waits for an answer.
        ReplyTo nobody = new ReplyTo("", NO_TASK);
        return new Step.RunWaiting(new Step.Head(owner, new TaskId(NO_TASK), device, now, nobody));
    }
}
