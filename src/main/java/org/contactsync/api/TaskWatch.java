package org.contactsync.api;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskView;
import org.contactsync.queue.UserPlaces;
import org.contactsync.queue.UserPlaces.Grant;
import org.contactsync.sync.BookReadings;

/**
 * Waits, without a thread, until a task has finished. It looks into the database, because any instance may work on the
 * task. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class TaskWatch {
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    /** Requests that may wait at once; one more is answered with the task as it is. Each looks once a second. */
    private final UserPlaces places = new UserPlaces(500, 8);

    private BookReadings readings;
    private ReadingPlaces reading;
    private Clock clock;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    /** For the container's proxy. */
    protected TaskWatch() {}

    @Inject
    public TaskWatch(BookReadings readings, ReadingPlaces reading, Clock clock) {
        this.readings = readings;
        this.reading = reading;
        this.clock = clock;
    }

    /** Completes with the finished task, or with the task as it is when {@code wait} has run out. */
    CompletionStage<TaskView> untilFinished(Owner owner, TaskView task, Optional<Duration> wait) {
        if (wait.isEmpty() || task.state().finished() || places.take(owner) != Grant.GIVEN) {
            return CompletableFuture.completedFuture(task);
        }
        CompletableFuture<TaskView> finished = new CompletableFuture<>();
        finished.whenComplete((view, failure) -> places.release(owner));
        look(owner, task, clock.instant().plus(wait.get()), FIRST_LOOK, finished);
        return finished;
    }

    private void look(Owner owner, TaskView task, Instant until, Duration pause, CompletableFuture<TaskView> finished) {
        Duration left = Duration.between(clock.instant(), until);
        if (task.state().finished() || left.isNegative() || left.isZero()) {
            finished.complete(task);
            return;
        }
        Duration next = pause.compareTo(left) < 0 ? pause : left;
        scheduler.schedule(
                () -> {
                    try {
                        // Without a place it looks again a little later.
                        TaskView now = reading.ifFree(owner, () -> readings.task(owner, task.id()))
                                .flatMap(Function.identity())
                                .orElse(task);
                        Duration longer = pause.multipliedBy(2);
                        look(owner, now, until, longer.compareTo(LAST_LOOK) < 0 ? longer : LAST_LOOK, finished);
                    } catch (RuntimeException e) {
                        finished.completeExceptionally(e);
                    }
                },
                next.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
