package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.access.CurrentCaller;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.BookReadings;
import org.contactsync.sync.BookState;

/** The caller's book, made when it is not there. One request. */
@Dependent
public class BookDoor {
    private final CurrentCaller caller;
    private final BookReadings readings;
    private final SyncGateway gateway;

    @Inject
    public BookDoor(CurrentCaller caller, BookReadings readings, SyncGateway gateway) {
        this.caller = caller;
        this.readings = readings;
        this.gateway = gateway;
    }

    Owner owner() {
        return caller.get().owner();
    }

    BookReadings readings() {
        return readings;
    }

    BookState book() {
        return existing(() -> readings.book(owner()));
    }

    /** Makes the book and reads again when there is none. */
    <T> T existing(Supplier<Optional<T>> read) {
        return read.get().orElseGet(() -> {
            gateway.ensureBook(owner());
            return read.get().orElseThrow(() -> new IllegalStateException("book was made and is not there"));
        });
    }
}
