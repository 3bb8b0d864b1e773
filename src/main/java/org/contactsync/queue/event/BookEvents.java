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
 * Passes committed events to the subscribers of this instance and, through the broker, to those of other instances. The committing
 * thread only hands events over: it never waits for a subscriber and never fails because of one. Thread-safe.
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

    /** Passes on events of another instance. */
    void arrived(List<BookEvent> events) {
        events.forEach(subscribers::tell);
    }

    /**
     * Calls {@code subscriber} with each event of the owner from now on. The call comes from the thread that has the event, so the
     * subscriber must hand longer work to another thread. The caller limits how many subscriptions one user may have.
     */
    public Subscription subscribe(Owner owner, Consumer<BookEvent> subscriber) {
        return subscribers.add(owner, subscriber);
    }

    /** The same for the events of all owners; for parts of the service, not for users. */
    public Subscription subscribeToAll(Consumer<BookEvent> subscriber) {
        return subscribers.addForAll(subscriber);
    }

    /** Ends with {@link #close}. */
    public interface Subscription extends AutoCloseable {
        /** Ends the subscription. May be called more than once. */
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
            // The transaction may still roll back.
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
                LOG.warning("event not passed on", e);
            }
        }
    }
}
