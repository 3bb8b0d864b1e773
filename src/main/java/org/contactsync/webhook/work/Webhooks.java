package org.contactsync.webhook.work;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.log.FailureLog;
import org.contactsync.queue.event.BookEvents;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.settings.WebhookSettings;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.webhook.Result;
import org.contactsync.webhook.http.HttpPost;
import org.contactsync.webhook.http.Trust;
import org.jspecify.annotations.Nullable;

/** Gives the endpoints their turns, on threads of its own. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Webhooks {
    /**
     * Endpoints that have their turn at once: all that can be configured, so that a receiver that answers slowly costs the others nothing.
     * Each waits for its receiver at most {@link HttpPost#LONGEST} for a message.
     */
    static final int THREADS = 16;

    /** Of them, so many work at once, with the database. */
    private static final int WORKING = 4;

    /** A thread without work ends. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final Duration FIRST = Duration.ofSeconds(1);

    /** At a stop, until the attempts that go on have ended. */
    private static final Duration LAST_TURNS = Duration.ofSeconds(12);

    private static final FailureLog LOG = FailureLog.of(Webhooks.class);

    private WebhookTransaction transaction;
    private WebhookSettings settings;
    private WebhookCounts counts;
    private BookEvents events;
    private DiskRoom disk;
    private Clock clock;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    @Resource
    private ManagedThreadFactory threads;

    private final Semaphore turns = new Semaphore(THREADS);
    private final Semaphore working = new Semaphore(WORKING, true);

    /** Those that do not have their turn now, the one that has waited longest first. Guarded by itself. */
    private final Deque<EndpointTurn> resting = new ArrayDeque<>();

    private List<EndpointTurn> all = List.of();
    private volatile @Nullable ExecutorService executor;
    private volatile @Nullable ScheduledFuture<?> looking;
    private volatile @Nullable Subscription subscription;
    private volatile boolean stopping;

    /** For the container's proxy. */
    protected Webhooks() {}

    @Inject
    public Webhooks(
            WebhookTransaction transaction,
            WebhookSettings settings,
            WebhookCounts counts,
            BookEvents events,
            DiskRoom disk,
            Clock clock) {
        this.transaction = transaction;
        this.settings = settings;
        this.counts = counts;
        this.events = events;
        this.disk = disk;
        this.clock = clock;
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        if (settings.endpoints().isEmpty()) {
            return;
        }
        // One thread for the turn of each endpoint, and one for the look-up of its name.
        ExecutorService own = new ThreadPoolExecutor(
                0, 2 * THREADS, IDLE.toMillis(), TimeUnit.MILLISECONDS, new SynchronousQueue<>(), this::thread);
        executor = own;
        HttpPost post = new HttpPost(settings.networks(), Trust.in(settings.certificates()), clock, own);
        String holder = UUID.randomUUID().toString();
        List<EndpointTurn> created = new ArrayList<>();
        for (Endpoint endpoint : settings.endpoints()) {
            created.add(new EndpointTurn(
                    transaction,
                    endpoint,
                    message -> whileOthersWork(() -> post.send(endpoint, message)),
                    counts.of(endpoint.name()),
                    settings.deadAfter(),
                    settings.keptFor(),
                    holder,
                    System::nanoTime,
                    () -> ThreadLocalRandom.current().nextDouble()));
        }
        all = List.copyOf(created);
        synchronized (resting) {
            resting.addAll(all);
        }
        subscription = events.subscribeToAll(this::hint);
        looking = scheduler.scheduleWithFixedDelay(
                this::look, FIRST.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends before the beans that a turn uses do. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) throws InterruptedException {
        stopping = true;
        all.forEach(EndpointTurn::stop);
        ScheduledFuture<?> scheduled = looking;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        Subscription subscribed = subscription;
        if (subscribed != null) {
            subscribed.close();
        }
        if (turns.tryAcquire(THREADS, LAST_TURNS.toMillis(), TimeUnit.MILLISECONDS)) {
            all.forEach(this::release);
        }
        ExecutorService own = executor;
        if (own != null) {
            own.shutdown();
        }
    }

    private Thread thread(Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName("contact-sync webhooks");
        return thread;
    }

    /** Waits for a receiver without a place to work. */
    private Result whileOthersWork(Supplier<Result> attempt) {
        working.release();
        try {
            return attempt.get();
        } finally {
            working.acquireUninterruptibly();
        }
    }

    private void release(EndpointTurn turn) {
        try {
            turn.release();
        } catch (RuntimeException e) {
            LOG.warning("lease not given back; it ends by itself", e);
        }
    }

    /** Called by threads that have committed. */
    private void hint(BookEvent event) {
        if (event instanceof BookEvent.BookChanged) {
            all.forEach(turn -> turn.hint(event.owner()));
        }
    }

    private void look() {
        if (disk.low()) {
            return;
        }
        synchronized (resting) {
            for (int left = resting.size(); left > 0 && !stopping; left--) {
                EndpointTurn turn = resting.removeFirst();
                if (!turn.isDue() || !start(turn)) {
                    resting.addLast(turn);
                }
            }
        }
    }

    private boolean start(EndpointTurn turn) {
        ExecutorService own = executor;
        if (own == null || !turns.tryAcquire()) {
            return false;
        }
        try {
            own.execute(() -> run(turn));
            return true;
        } catch (RejectedExecutionException e) {
            turns.release();
            return false;
        }
    }

    private void run(EndpointTurn turn) {
        working.acquireUninterruptibly();
        try {
            if (!stopping) {
                turn.run();
            }
        } finally {
            working.release();
            synchronized (resting) {
                resting.addLast(turn);
            }
            turns.release();
        }
    }
}
