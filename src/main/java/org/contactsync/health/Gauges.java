package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.contactsync.log.FailureLog;
import org.contactsync.metric.MetricText;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.store.check.BacklogCheck;
import org.contactsync.store.check.BacklogCheck.Backlog;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The gauges at {@code /metrics}. A request for them queries nothing else: values from the database are read in the
 * background. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Gauges {
    private static final FailureLog LOG = FailureLog.of(Gauges.class);
    private static final Duration PERIOD = Duration.ofSeconds(15);
    private static final double NANOS = 1e9;

    private MetricRegistry registry;
    private BacklogCheck check;
    private Dependencies dependencies;
    private PendingReplies pending;
    private DiskRoom disk;
    private PhotoObjects photos;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private final long started = System.nanoTime();
    private volatile @Nullable ScheduledFuture<?> looking;
    private volatile @Nullable Backlog backlog;
    private volatile long lastLook = started;

    /** For the container's proxy. */
    protected Gauges() {}

    @Inject
    public Gauges(
            MetricRegistry registry,
            BacklogCheck check,
            Dependencies dependencies,
            PendingReplies pending,
            DiskRoom disk,
            PhotoObjects photos) {
        this.registry = registry;
        this.check = check;
        this.dependencies = dependencies;
        this.pending = pending;
        this.disk = disk;
        this.photos = photos;
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        registerBacklog(
                "contactsync_waiting_tasks",
                "none",
                "Tasks of all users that are waiting for their turn; counted up to 100000",
                Backlog::waitingTasks);
        registerBacklog(
                "contactsync_oldest_wait",
                MetricUnits.SECONDS,
                "How long the oldest waiting task has been waiting",
                Backlog::oldestWaitSeconds);
        registerBacklog(
                "contactsync_open_uploads",
                "none",
                "Uploads of all users that are neither committed nor ended, among 20000 of the last day",
                Backlog::openUploads);
        registerBacklog(
                "contactsync_given_up_tasks",
                "none",
                "Tasks that failed too often and that an operator may retry; counted up to 100000",
                Backlog::givenUpTasks);
        register(
                "contactsync_backlog_age",
                MetricUnits.SECONDS,
                "Age of the four values for waiting, open and given-up work, which are read from the database",
                () -> (System.nanoTime() - lastLook) / NANOS);
        register(
                "contactsync_database_up",
                "none",
                "1 if the database has answered within ten seconds",
                () -> up(dependencies.databaseAnswers()));
        register(
                "contactsync_broker_up",
                "none",
                "1 if the broker has answered within ten seconds",
                () -> up(dependencies.brokerAnswers()));
        register("contactsync_disk_free", MetricUnits.BYTES, "Free bytes on the disk of DATA_DIR", disk::free);
        register(
                "contactsync_disk_low",
                "none",
                "1 while changes are refused because fewer bytes than DISK_FREE_MIN are free",
                () -> up(disk.low()));
        register(
                "contactsync_photo_store_up",
                "none",
                "0 while the store of photos besides the database does not do what it should",
                () -> up(photos.isFine()));
        register(
                "contactsync_waiting_requests",
                "none",
                "Requests of this instance that are waiting for an outcome",
                () -> pending.size());
        register(
                "contactsync_log_lines_left_out",
                "none",
                "Lines left out of the log since the start because there were too many of their kind",
                FailureLog::leftOut);
        register(
                "contactsync_build_info",
                "none",
                "Always 1; the label is the version",
                () -> 1,
                new Tag("version", BuildVersion.text()));
        looking = scheduler.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        ScheduledFuture<?> running = looking;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void look() {
        FailureLog.tellLeftOut();
        if (dependencies.databaseAway()) {
            // Already logged, and the query would wait for a connection.
            return;
        }
        try {
            backlog = check.read();
            lastLook = System.nanoTime();
        } catch (SQLException | RuntimeException e) {
            LOG.warning("unfinished work could not be counted; trying again", e);
        }
    }

    private void registerBacklog(String name, String unit, String help, ToDoubleFunction<Backlog> figure) {
        register(name, unit, help, () -> {
            Backlog known = backlog;
            return known == null ? Double.NaN : figure.applyAsDouble(known);
        });
    }

    private interface Figure {
        double now();
    }

    private void register(String name, String unit, String help, Figure figure, Tag... tags) {
        registry.gauge(MetricText.of(name, unit, help), figure, Figure::now, tags);
    }

    private static double up(boolean it) {
        return it ? 1 : 0;
    }
}
