package org.contactsync.webhook.work;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.contactsync.log.FailureLog;
import org.contactsync.queue.event.BookEvents;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.settings.WebhookSettings;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.webhook.http.HttpPost;
import org.contactsync.webhook.http.Trust;
import org.jspecify.annotations.Nullable;

/** Gives the endpoints their turns, on few threads. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Webhooks {
    /** Endpoints that have their turn at once; each waits for its receiver at most {@link HttpPost#LONGEST} for a message. */
    static final int THREADS = 4;

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
    private ManagedExecutorService executor;

    private final Semaphore threads = new Semaphore(THREADS);

    /** Those that do not have their turn now, the one that has waited longest first. Guarded by itself. */
    private final Deque<EndpointTurn> resting = new ArrayDeque<>();

    private List<EndpointTurn> all = List.of();
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
        HttpPost post = new HttpPost(settings.networks(), Trust.in(settings.certificates()), clock);
        String holder = UUID.randomUUID().toString();
        List<EndpointTurn> turns = new ArrayList<>();
        for (Endpoint endpoint : settings.endpoints()) {
            turns.add(new EndpointTurn(
                    transaction,
                    endpoint,
                    message -> post.send(endpoint, message),
                    counts.of(endpoint.name()),
                    settings.deadAfter(),
                    settings.keptFor(),
                    holder,
                    System::nanoTime,
                    () -> ThreadLocalRandom.current().nextDouble()));
        }
        all = List.copyOf(turns);
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
        if (threads.tryAcquire(THREADS, LAST_TURNS.toMillis(), TimeUnit.MILLISECONDS)) {
            all.forEach(this::release);
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
            for (int left = resting.size(); left > 0 && !stopping && threads.availablePermits() > 0; left--) {
                EndpointTurn turn = resting.removeFirst();
                if (!turn.isDue() || !start(turn)) {
                    resting.addLast(turn);
                }
            }
        }
    }

    private boolean start(EndpointTurn turn) {
        if (!threads.tryAcquire()) {
            return false;
        }
        try {
            executor.execute(() -> run(turn));
            return true;
        } catch (RejectedExecutionException e) {
            threads.release();
            return false;
        }
    }

    private void run(EndpointTurn turn) {
        try {
            if (!stopping) {
                turn.run();
            }
        } finally {
            synchronized (resting) {
                resting.addLast(turn);
            }
            threads.release();
        }
    }
}
