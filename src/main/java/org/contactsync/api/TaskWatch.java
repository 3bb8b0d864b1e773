package org.contactsync.api;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.queue.event.BookEvents;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.sync.reading.BookReadings;

/** Waits, without a thread, until a task has finished, whichever instance works on it. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class TaskWatch {
    /** Requests that may wait at once; one more is answered with the current state of the task. Each is a subscriber. */
    private final UserPlaces places = new UserPlaces(500, 8);

    private BookReadings readings;
    private ReadingPlaces reading;
    private BookEvents events;
    private Clock clock;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    /** For the container's proxy. */
    protected TaskWatch() {}

    @Inject
    public TaskWatch(BookReadings readings, ReadingPlaces reading, BookEvents events, Clock clock) {
        this.readings = readings;
        this.reading = reading;
        this.events = events;
        this.clock = clock;
    }

    /** Completes with the finished task, or with the task as it is when {@code wait} has run out. */
    CompletionStage<TaskView> waitUntilFinished(Owner owner, TaskView task, Optional<Duration> wait) {
        if (wait.isEmpty() || task.state().finished() || places.take(owner) != Grant.GIVEN) {
            return CompletableFuture.completedFuture(task);
        }
        TaskPoll poll = new TaskPoll(
                task,
                clock.instant().plus(wait.get()),
                () -> reading.runIfFree(owner, () -> readings.task(owner, task.id()))
                        .flatMap(Function.identity()),
                scheduler,
                clock);
        Subscription subscription = events.subscribe(owner, poll::tell);
        poll.start();
        return poll.finished().whenComplete((view, failure) -> {
            subscription.close();
            places.release(owner);
        });
    }
}
