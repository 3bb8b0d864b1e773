package org.contactsync.queue.event;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.sync.event.BookEvent;

/** The subscribers of this instance, by owner. Thread-safe. */
final class Subscribers {
    private static final FailureLog LOG = FailureLog.of(Subscribers.class);

    private final ConcurrentHashMap<Owner, CopyOnWriteArrayList<Consumer<BookEvent>>> byOwner =
            new ConcurrentHashMap<>();

    private final CopyOnWriteArrayList<Consumer<BookEvent>> ofAll = new CopyOnWriteArrayList<>();

    /** Has the events of all owners told. */
    Subscription addForAll(Consumer<BookEvent> subscriber) {
        ofAll.add(subscriber);
        return () -> ofAll.remove(subscriber);
    }

    Subscription add(Owner owner, Consumer<BookEvent> subscriber) {
        byOwner.compute(owner, (key, before) -> {
            CopyOnWriteArrayList<Consumer<BookEvent>> all = before == null ? new CopyOnWriteArrayList<>() : before;
            all.add(subscriber);
            return all;
        });
        return () -> byOwner.computeIfPresent(owner, (key, all) -> {
            all.remove(subscriber);
            return all.isEmpty() ? null : all;
        });
    }

    /** Calls all subscribers of the event's owner, also after one of them has failed. */
    void tell(BookEvent event) {
        tell(ofAll, event);
        CopyOnWriteArrayList<Consumer<BookEvent>> all = byOwner.get(event.owner());
        if (all != null) {
            tell(all, event);
        }
    }

    private static void tell(CopyOnWriteArrayList<Consumer<BookEvent>> all, BookEvent event) {
        for (Consumer<BookEvent> subscriber : all) {
            try {
                subscriber.accept(event);
            } catch (RuntimeException e) {
                LOG.warning("subscriber failed", e);
            }
        }
    }

    /** How many owners have a subscriber. */
    int owners() {
        return byOwner.size();
    }
}
