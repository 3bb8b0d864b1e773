package org.contactsync.queue.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.contactsync.sync.event.BookEvent.TaskEnded;
import org.jspecify.annotations.Nullable;

/**
 * Collects events for other instances. The first event is sent at once. Events that follow soon are sent together, with only the last
 * change of each owner. One thread sends. While it cannot, the outbox fills up and then drops new owners. Thread-safe.
 */
final class EventOutbox {
    /** The shortest time between two messages: at most twenty a second. */
    static final Duration WINDOW = Duration.ofMillis(50);

    /** The pause after a message that could not be sent. */
    static final Duration REST = Duration.ofSeconds(2);

    /** The most owners with waiting events; each takes some hundred bytes. */
    static final int MOST_OWNERS = 4_000;

    /** The most ended tasks of one owner: as many as may wait. */
    static final int MOST_TASKS = 100;

    /** The most events of one message: some ten kilobytes. */
    static final int BATCH = 200;

    private static final FailureLog LOG = FailureLog.of(EventOutbox.class);

    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanos;
    private final Consumer<List<BookEvent>> send;
    private Map<Owner, OfOwner> waiting = new LinkedHashMap<>();
    private boolean scheduled;
    private long notBefore;

    /** The waiting events of one owner: the latest change, and the tasks that ended. */
    private static final class OfOwner {
        private final List<BookEvent> ended = new ArrayList<>(0);
        private @Nullable BookChanged changed;

        void add(BookEvent event) {
            if (event instanceof BookChanged next) {
                BookChanged before = changed;
                changed = before == null || before.seq() < next.seq() ? next : before;
            } else if (event instanceof TaskEnded && ended.size() < MOST_TASKS) {
                ended.add(event);
            }
        }

        void addTo(List<BookEvent> all) {
            if (changed != null) {
                all.add(changed);
            }
            all.addAll(ended);
        }
    }

    /** @param send sends one message; may throw, and may wait */
    EventOutbox(ScheduledExecutorService scheduler, LongSupplier nanos, Consumer<List<BookEvent>> send) {
        this.scheduler = scheduler;
        this.nanos = nanos;
        this.send = send;
        notBefore = nanos.getAsLong();
    }

    /** Adds an event. Never waits. */
    synchronized void add(BookEvent event) {
        OfOwner known = waiting.get(event.owner());
        if (known == null) {
            if (waiting.size() >= MOST_OWNERS) {
                return;
            }
            known = new OfOwner();
            waiting.put(event.owner(), known);
        }
        known.add(event);
        schedule();
    }

    /** Schedules a run unless one is scheduled or running. */
    private void schedule() {
        if (scheduled) {
            return;
        }
        try {
            long pause = Math.max(0, notBefore - nanos.getAsLong());
            scheduler.schedule(this::run, pause, TimeUnit.NANOSECONDS);
            scheduled = true;
        } catch (RejectedExecutionException e) {
            // The server is stopping.
            waiting.clear();
        }
    }

    private void run() {
        Duration pause = WINDOW;
        try {
            List<BookEvent> all = take();
            for (int from = 0; from < all.size(); from += BATCH) {
                send.accept(List.copyOf(all.subList(from, Math.min(all.size(), from + BATCH))));
            }
        } catch (RuntimeException e) {
            pause = REST;
            LOG.warning("events not sent to other instances", e);
        } finally {
            ended(pause);
        }
    }

    private synchronized List<BookEvent> take() {
        List<BookEvent> all = new ArrayList<>();
        waiting.values().forEach(each -> each.addTo(all));
        waiting = new LinkedHashMap<>();
        return all;
    }

    private synchronized void ended(Duration pause) {
        scheduled = false;
        notBefore = nanos.getAsLong() + pause.toNanos();
        if (!waiting.isEmpty()) {
            schedule();
        }
    }
}
