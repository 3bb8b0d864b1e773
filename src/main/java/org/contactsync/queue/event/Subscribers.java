package org.contactsync.queue.event;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.event.BookEvents.Subscription;
import org.contactsync.sync.event.BookEvent;

/** Who is told in this instance, by owner. Thread-safe. */
final class Subscribers {
    private static final FailureLog LOG = FailureLog.of(Subscribers.class);

    private final ConcurrentHashMap<Owner, CopyOnWriteArrayList<Consumer<BookEvent>>> byOwner =
            new ConcurrentHashMap<>();

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

    /** One that fails does not keep the others from being told. */
    void tell(BookEvent event) {
        CopyOnWriteArrayList<Consumer<BookEvent>> all = byOwner.get(event.owner());
        if (all == null) {
            return;
        }
        for (Consumer<BookEvent> subscriber : all) {
            try {
                subscriber.accept(event);
            } catch (RuntimeException e) {
                LOG.warning("subscriber failed", e);
            }
        }
    }

    /** Owners with a subscriber. */
    int owners() {
        return byOwner.size();
    }
}
