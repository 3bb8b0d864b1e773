package org.contactsync.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.TaskEnded;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a task. It looks at the task when it is told that the task has ended, and seldom without being told:
 * an event may be lost. Thread-safe.
 */
final class TaskPoll {
    /** What has ended between the request's own look and its subscription was not told. */
    static final Duration FIRST_LOOK = Duration.ofMillis(50);

    static final Duration SELDOM = Duration.ofSeconds(5);

    /** Without a place to read in. */
    static final Duration BUSY = Duration.ofMillis(200);

    private final CompletableFuture<TaskView> finished = new CompletableFuture<>();
    private final Supplier<Optional<TaskView>> look;
    private final ScheduledExecutorService scheduler;
    private final Clock clock;
    private final Instant until;

    private TaskView task;
    private boolean looking;
    private boolean told;
    private @Nullable ScheduledFuture<?> next;

    /** @param look the task as it is; empty without a place to read in */
    TaskPoll(
            TaskView task,
            Instant until,
            Supplier<Optional<TaskView>> look,
            ScheduledExecutorService scheduler,
            Clock clock) {
        this.task = task;
        this.until = until;
        this.look = look;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Completes with the finished task, or with the task as it is when the wait has run out. */
    CompletionStage<TaskView> finished() {
        return finished;
    }

    /** Begins to wait. */
    synchronized void start() {
        lookIn(FIRST_LOOK);
    }

    /** Takes an event of the task's owner; does nothing in the caller's thread. */
    synchronized void tell(BookEvent event) {
        if (!(event instanceof TaskEnded ended) || !ended.task().equals(task.id()) || finished.isDone()) {
            return;
        }
        told = true;
        if (!looking) {
            lookIn(Duration.ZERO);
        }
    }

    private void lookIn(Duration pause) {
        ScheduledFuture<?> before = next;
        if (before != null) {
            before.cancel(false);
        }
        Duration left = Duration.between(clock.instant(), until);
        Duration wait = pause.compareTo(left) < 0 ? pause : left;
        try {
            next = scheduler.schedule(this::look, Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The server is ending.
            finished.complete(task);
        }
    }

    private void look() {
        synchronized (this) {
            if (looking || finished.isDone()) {
                return;
            }
            looking = true;
            told = false;
        }
        Optional<TaskView> now;
        try {
            now = look.get();
        } catch (RuntimeException e) {
            finished.completeExceptionally(e);
            return;
        }
        TaskView seen;
        synchronized (this) {
            looking = false;
            task = now.orElse(task);
            seen = task;
            if (!seen.state().finished() && clock.instant().isBefore(until)) {
                lookIn(pause(now.isPresent()));
                return;
            }
        }
        finished.complete(seen);
    }

    private Duration pause(boolean looked) {
        if (!looked) {
            return BUSY;
        }
        return told ? Duration.ZERO : SELDOM;
    }
}
