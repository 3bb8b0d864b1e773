package org.contactsync.queue.event;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.event.Announcements;
import org.contactsync.sync.event.BookEvent;

/**
 * Tells the subscribers of this instance and, over the broker, those of the others what is committed. The thread that has committed only
 * notes it: it neither waits nor fails because of an event. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class BookEvents implements Announcements {
    private static final FailureLog LOG = FailureLog.of(BookEvents.class);

    private final Subscribers subscribers = new Subscribers();
    private EventMessages messages;
    private Optional<EventOutbox> outbox = Optional.empty();

    @Resource
    private TransactionSynchronizationRegistry transactions;

    /** For the container's proxy. */
    protected BookEvents() {}

    @Inject
    public BookEvents(EventMessages messages) {
        this.messages = messages;
    }

    @Resource
    void setScheduler(ManagedScheduledExecutorService scheduler) {
        if (messages.mayReachOthers()) {
            outbox = Optional.of(new EventOutbox(scheduler, System::nanoTime, messages::send));
        }
    }

    @Override
    public void announce(List<BookEvent> events) {
        transactions.registerInterposedSynchronization(new AfterCommit(events));
    }

    /** Takes what another instance has told. */
    void arrived(List<BookEvent> events) {
        events.forEach(subscribers::tell);
    }

    /**
     * Has {@code subscriber} told of the owner's events from now on. It is called by the thread that has the event, and must leave its
     * work to another one. Whoever subscribes bounds how many of its kind one user may have.
     */
    public Subscription subscribe(Owner owner, Consumer<BookEvent> subscriber) {
        return subscribers.add(owner, subscriber);
    }

    /** Ends with {@link #close}. */
    public interface Subscription extends AutoCloseable {
        /** Has nothing told any more; may be repeated. */
        @Override
        void close();
    }

    private final class AfterCommit implements Synchronization {
        private final List<BookEvent> events;

        AfterCommit(List<BookEvent> events) {
            this.events = events;
        }

        @Override
        public void beforeCompletion() {
            // Nothing is told of what may still be rolled back.
        }

        @Override
        public void afterCompletion(int status) {
            if (status != Status.STATUS_COMMITTED) {
                return;
            }
            try {
                for (BookEvent event : events) {
                    subscribers.tell(event);
                    outbox.ifPresent(waiting -> waiting.add(event));
                }
            } catch (RuntimeException e) {
                LOG.warning("event not told", e);
            }
        }
    }
}
