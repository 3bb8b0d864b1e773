package org.contactsync.queue.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A scheduler whose work the test does itself, when it wants. One thread at a time. */
public final class RecordedScheduler extends ScheduledThreadPoolExecutor {
    private final List<Work> waiting = new ArrayList<>();

    private record Work(Runnable work, Duration pause, ScheduledFuture<?> future) {}

    public RecordedScheduler() {
        super(0, work -> {
            Thread thread = new Thread(work, "nobody");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        ScheduledFuture<?> future = super.schedule(() -> {}, 1, TimeUnit.DAYS);
        waiting.add(new Work(work, Duration.ofNanos(unit.toNanos(delay)), future));
        return future;
    }

    /** How long the work that is not cancelled waits. */
    public List<Duration> pauses() {
        return waiting.stream()
                .filter(each -> !each.future().isCancelled())
                .map(Work::pause)
                .toList();
    }

    /** Does what waits, but not what that leads to. */
    public void runAll() {
        List<Work> now = List.copyOf(waiting);
        waiting.clear();
        now.stream()
                .filter(each -> !each.future().isCancelled())
                .forEach(each -> each.work().run());
    }
}
