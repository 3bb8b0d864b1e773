package org.contactsync.queue.upkeep;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.settings.ScrubPace;
import org.contactsync.sync.scrub.Scrubs;
import org.jspecify.annotations.Nullable;

/** Scrubs books in the background, unless users need the database. Of several instances one at a time does so. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Scrubber {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** With more requests waiting for their outcome, users need the database. */
    private static final int BUSY = 16;

    /** At a stop, until the work that goes on has ended. */
    private static final Duration LAST_RUN = Duration.ofSeconds(5);

    private ScrubRound round;
    private ScrubPace pace;
    private PendingReplies pending;
    private DiskRoom disk;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable ScheduledFuture<?> scrubbing;
    private volatile boolean stopping;

    /** For the container's proxy. */
    protected Scrubber() {}

    @Inject
    public Scrubber(
            StepTransaction transaction,
            Scrubs scrubs,
            ScrubPace pace,
            ScrubCounts counts,
            PendingReplies pending,
            DiskRoom disk) {
        this.pace = pace;
        this.pending = pending;
        this.disk = disk;
        round = new ScrubRound(
                transaction, scrubs, pace, counts, UUID.randomUUID().toString(), System::nanoTime);
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        if (pace.contactsPerMinute() > 0) {
            scrubbing = scheduler.scheduleWithFixedDelay(
                    this::run, 5 * PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ends before the beans that the scrub uses do. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) throws InterruptedException {
        stopping = true;
        ScheduledFuture<?> scheduled = scrubbing;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        if (turn.tryLock(LAST_RUN.toMillis(), TimeUnit.MILLISECONDS)) {
            turn.unlock();
        }
    }

    private void run() {
        turn.lock();
        try {
            if (!stopping && pending.size() <= BUSY && !disk.low()) {
                round.run();
            }
        } finally {
            turn.unlock();
        }
    }
}
