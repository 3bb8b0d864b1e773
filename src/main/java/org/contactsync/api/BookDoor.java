package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.access.CurrentCaller;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.BookReadings;
import org.contactsync.sync.BookReadings.Reading;
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

    /** The answer when {@code If-None-Match} names the book as it is; then nothing else has to be read. */
    Optional<Response> unchanged(HttpHeaders headers) {
        if (headers.getHeaderString(HttpHeaders.IF_NONE_MATCH) == null
                || headers.getHeaderString(HttpHeaders.IF_MATCH) != null) {
            return Optional.empty();
        }
        CheckCode code = BookReadings.checkCode(book());
        return Conditions.isKnown(headers, code.value())
                ? Optional.of(Response.notModified(Responses.tag(code)).build())
                : Optional.empty();
    }

    /** Refuses what {@code If-Match} asked of another book than was read. */
    static void refuseAnotherBook(HttpHeaders headers, Reading<?> reading) {
        Optional<CheckCode> wanted = Conditions.ifMatch(headers);
        if (wanted.isPresent() && !wanted.get().equals(reading.checkCode())) {
            BookState book = reading.book();
            throw new ProblemException(new Problem.CheckCodeMismatch(
                    reading.checkCode(), book.digest().count(), book.seq(), Optional.empty()));
        }
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
