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
import org.contactsync.queue.PendingReplies;
import org.contactsync.store.BacklogCheck;
import org.contactsync.store.BacklogCheck.Backlog;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The figures of how things stand, at {@code /metrics}. Asking for them asks nobody else: what the database knows is looked up in the
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

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private final long started = System.nanoTime();
    private volatile @Nullable ScheduledFuture<?> looking;
    private volatile @Nullable Backlog backlog;
    private volatile long lastLook = started;

    /** For the container's proxy. */
    protected Gauges() {}

    @Inject
    public Gauges(MetricRegistry registry, BacklogCheck check, Dependencies dependencies, PendingReplies pending) {
        this.registry = registry;
        this.check = check;
        this.dependencies = dependencies;
        this.pending = pending;
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        ofBacklog(
                "contactsync_waiting_tasks",
                "none",
                "Tasks of all users that are waiting for their turn; counted up to 100000",
                Backlog::waitingTasks);
        ofBacklog(
                "contactsync_oldest_wait",
                MetricUnits.SECONDS,
                "How long the oldest waiting task has been waiting",
                Backlog::oldestWaitSeconds);
        ofBacklog(
                "contactsync_open_uploads",
                "none",
                "Uploads of all users that are neither committed nor ended, among 20000 of the last day",
                Backlog::openUploads);
        ofBacklog(
                "contactsync_given_up_tasks",
                "none",
                "Tasks that failed too often and that an operator may retry; counted up to 100000",
                Backlog::givenUpTasks);
        gauge(
                "contactsync_backlog_age",
                MetricUnits.SECONDS,
                "Age of the four values for waiting, open and given-up work, which are read from the database",
                () -> (System.nanoTime() - lastLook) / NANOS);
        gauge(
                "contactsync_database_up",
                "none",
                "1 if the database has answered within ten seconds",
                () -> up(dependencies.databaseAnswers()));
        gauge(
                "contactsync_broker_up",
                "none",
                "1 if the broker has answered within ten seconds",
                () -> up(dependencies.brokerAnswers()));
        gauge(
                "contactsync_waiting_requests",
                "none",
                "Requests of this instance that are waiting for an outcome",
                () -> pending.size());
        gauge(
                "contactsync_log_lines_left_out",
                "none",
                "Lines left out of the log since the start because there were too many of their kind",
                FailureLog::leftOut);
        gauge(
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
            // Said already, and a connection would be waited for.
            return;
        }
        try {
            backlog = check.read();
            lastLook = System.nanoTime();
        } catch (SQLException | RuntimeException e) {
            LOG.warning("unfinished work could not be counted; trying again", e);
        }
    }

    private void ofBacklog(String name, String unit, String help, ToDoubleFunction<Backlog> figure) {
        gauge(name, unit, help, () -> {
            Backlog known = backlog;
            return known == null ? Double.NaN : figure.applyAsDouble(known);
        });
    }

    private interface Figure {
        double now();
    }

    private void gauge(String name, String unit, String help, Figure figure, Tag... tags) {
        Metadata metadata = Metadata.builder()
                .withName(name)
                .withDescription(help)
                .withUnit(unit)
                .build();
        registry.gauge(metadata, figure, Figure::now, tags);
    }

    private static double up(boolean answers) {
        return answers ? 1 : 0;
    }
}
