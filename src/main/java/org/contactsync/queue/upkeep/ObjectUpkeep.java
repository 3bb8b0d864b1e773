package org.contactsync.queue.upkeep;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.contactsync.log.FailureLog;
import org.contactsync.photo.ObjectSweep;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.protocol.Limits;
import org.contactsync.queue.work.PhotoTransaction;
import org.jspecify.annotations.Nullable;

/**
 * Has pieces of photos removed from their store, apart from the {@link Sweeper}: the store may be slow. Holds nothing of the database while
 * it waits for the store.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class ObjectUpkeep {
    private static final FailureLog LOG = FailureLog.of(ObjectUpkeep.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private PhotoTransaction transaction;
    private ObjectSweep sweep;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private volatile @Nullable ScheduledFuture<?> sweeping;
    private volatile boolean stopping;
    private boolean failing;

    /** For the container's proxy. */
    protected ObjectUpkeep() {}

    @Inject
    public ObjectUpkeep(PhotoTransaction transaction, PhotoObjects objects, Limits limits) {
        this.transaction = transaction;
        sweep = new ObjectSweep(transaction, objects, limits.photoGrace(), () -> !stopping);
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        sweeping = scheduler.scheduleWithFixedDelay(
                this::run, 5 * PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A run that is under way notices at the next row that the database is closed; the next start does the rest. */
    @PreDestroy
    void stop() {
        stopping = true;
        ScheduledFuture<?> scheduled = sweeping;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    private void run() {
        if (stopping) {
            return;
        }
        try {
            sweep.run(transaction.now());
            failing = false;
        } catch (RuntimeException e) {
            // An outage is logged once; the next run tries again.
            if (!failing && !stopping) {
                LOG.warning("pieces of photos could not be removed from their store; trying again", e);
            }
            failing = true;
        }
    }
}
