package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.access.CurrentCaller;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.BookReadings;
import org.contactsync.sync.BookState;

/** The caller's book, made when it is not there; read in one of the {@link ReadingPlaces}. One request. */
@Dependent
public class BookDoor {
    private final CurrentCaller caller;
    private final BookReadings readings;
    private final ReadingPlaces places;
    private final SyncGateway gateway;
    private Optional<Owner> owner = Optional.empty();

    @Inject
    public BookDoor(CurrentCaller caller, BookReadings readings, ReadingPlaces places, SyncGateway gateway) {
        this.caller = caller;
        this.readings = readings;
        this.places = places;
        this.gateway = gateway;
    }

    /** Known in the threads of readings too, which have no request. */
    Owner owner() {
        Owner known = owner.orElseGet(() -> caller.get().owner());
        owner = Optional.of(known);
        return known;
    }

    BookState book() {
        return existing(reader -> reader.book(owner()));
    }

    /** Reads what need not be there. */
    <T> T reading(Function<BookReadings, T> read) {
        return places.in(owner(), () -> read.apply(readings));
    }

    /** Makes the book and reads again when there is none. */
    <T> T existing(Function<BookReadings, Optional<T>> read) {
        return reading(reader -> read.apply(reader).orElseGet(() -> {
            gateway.ensureBook(owner());
            return read.apply(reader).orElseThrow(() -> new IllegalStateException("book was made and is not there"));
        }));
    }
}
