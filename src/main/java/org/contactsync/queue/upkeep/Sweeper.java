package org.contactsync.queue.upkeep;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.contactsync.account.Sightings;
import org.contactsync.log.FailureLog;
import org.contactsync.lookup.IndexRequests;
import org.contactsync.photo.PhotoSweep;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.work.AccountTransaction;
import org.contactsync.queue.work.PhotoTransaction;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.reading.TreeCounts;
import org.contactsync.sync.reading.UnsavedTrees;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
import org.jspecify.annotations.Nullable;

/**
 * Looks every second for pending work without a message in the queue, and sends one; removes finished data. Any number of
 * instances may sweep at once.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Sweeper {
    private static final FailureLog LOG = FailureLog.of(Sweeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Time for a repeated message to be processed before another is sent. */
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private static final int OWNERS = 100;
    /** Rows removed in one transaction: some ten milliseconds. */
    private static final int ROWS = 1_000;
    /** Steps of removal in one sweep. */
    private static final int REMOVALS = 20;

    /** Steps of compaction in one sweep: 16 MiB are rewritten. */
    private static final int COMPACTIONS = 4;

    /** Sweeps until the database is asked again which table it should count. */
    private static final int STATISTICS = 5;

    /** At a stop, until the job at work has ended. */
    private static final Duration LAST_JOB = Duration.ofSeconds(5);

    private static final UUID NO_TASK = new UUID(0, 0);

    private StepTransaction transaction;
    private Messages messages;
    private DiskRoom disk;
    private Clock clock;

    /** In this order, each in its turn. */
    private List<StepwiseJob> jobs;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private volatile @Nullable ScheduledFuture<?> sweeping;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean stopping;
    private volatile boolean failing;

    /** Only of the thread that sweeps. */
    private long sweeps;

    /** For the container's proxy. */
    protected Sweeper() {}

    @Inject
    public Sweeper(
            StepTransaction transaction,
            Messages messages,
            DiskRoom disk,
            Clock clock,
            Limits limits,
            HistoryFigures figures,
            IndexRequests requests,
            AccountTransaction accountTransaction,
            Sightings sightings,
            PhotoTransaction photoTransaction,
            UnsavedTrees unsavedTrees,
            TreeCounts treeCounts) {
        this.transaction = transaction;
        this.messages = messages;
        this.disk = disk;
        this.clock = clock;
        FeedUpkeep feeds = new FeedUpkeep(transaction, limits.changesRetention());
        HistoryUpkeep histories = new HistoryUpkeep(transaction, figures, limits);
        LookupUpkeep indexes = new LookupUpkeep(transaction, requests, System::nanoTime);
        TreeUpkeep trees = new TreeUpkeep(transaction, unsavedTrees, treeCounts);
        AccountUpkeep accounts = new AccountUpkeep(accountTransaction, sightings);
        PhotoSweep photos = new PhotoSweep(photoTransaction, limits.photoGrace(), System::nanoTime);
        jobs = List.of(
                new StepwiseJob("forget", REMOVALS, () -> transaction.forgetTasks(ROWS) > 0),
                new StepwiseJob("remove", REMOVALS, () -> transaction.removeGarbage(ROWS) > 0),
                StepwiseJob.of("erase", accounts::removeErased),
                StepwiseJob.of("devices", () -> accounts.saveDevices(!disk.low())),
                StepwiseJob.of("feeds", () -> feeds.run(clock.instant())),
                StepwiseJob.of("history", () -> histories.run(clock.instant())),
                StepwiseJob.of("photos", () -> photos.run(photoTransaction.now())),
                StepwiseJob.of("lookup", () -> {
                    // An index can wait; what the disk has left is for changes.
                    if (!disk.low()) {
                        indexes.run();
                    }
                }),
                StepwiseJob.of("trees", () -> {
                    trees.removeUnused(clock.instant());
                    // As with an index.
                    if (!disk.low()) {
                        trees.save();
                    }
                }),
                new StepwiseJob("compact", COMPACTIONS, transaction::compactStorage),
                StepwiseJob.of("statistics", this::refreshStatistics));
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        sweeping = scheduler.scheduleWithFixedDelay(
                this::sweep, 5 * PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends before the beans that a sweep uses do. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) throws InterruptedException {
        stopping = true;
        ScheduledFuture<?> scheduled = sweeping;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        if (turn.tryLock(LAST_JOB.toMillis(), TimeUnit.MILLISECONDS)) {
            turn.unlock();
        }
    }

    private void sweep() {
        turn.lock();
        try {
            runJobs();
        } finally {
            turn.unlock();
        }
    }

    private void runJobs() {
        // Waiting tasks would write; removal frees space.
        boolean fine = stopping || disk.low() || attempt("wake", this::wakeOwners);
        if (stopping || disk.almostNone()) {
            return;
        }
        for (StepwiseJob job : jobs) {
            fine &= stopping || attempt(job.name(), job::run);
        }
        failing = !fine;
    }

    private void refreshStatistics() {
        sweeps++;
        if (sweeps % STATISTICS == 0) {
            transaction.refreshStatistics();
        }
    }

    private void wakeOwners() {
        Instant now = clock.instant();
        for (Owner owner : transaction.findDue(AGAIN, OWNERS)) {
            messages.send(wake(owner, now), now.toEpochMilli());
        }
    }

    /** Runs a job; its failure does not affect the others. */
    private boolean attempt(String job, Runnable work) {
        try {
            work.run();
            return true;
        } catch (RuntimeException e) {
            // An outage is logged once; the next sweep tries again.
            if (!failing) {
                LOG.warning("sweep failed; trying again every second", "job=" + job, e);
            }
            return false;
        }
    }

    /** A message that runs the waiting tasks of an owner. */
    public static Step wake(Owner owner, Instant now) {
        return wake(owner, Optional.empty(), now);
    }

    /**
     * The same, after a device's task.
     *
     * @param device for anyone who inspects messages; the work is the owner's
     */
    public static Step wake(Owner owner, Optional<DeviceId> device, Instant now) {
        // Nobody waits for an answer.
        ReplyTo nobody = new ReplyTo("", NO_TASK);
        return new Step.RunWaiting(new Step.Head(owner, new TaskId(NO_TASK), device, now, nobody));
    }
}
