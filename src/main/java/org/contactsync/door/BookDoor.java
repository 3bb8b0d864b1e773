package org.contactsync.door;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.access.CurrentCaller;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;

/** The caller's book, created if it does not exist; read in one of the {@link ReadingPlaces}. One instance per request. */
@Dependent
public class BookDoor {
    private static final int MOST_MADE = 10;

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

    /** Also known in the threads of reads, which have no request. */
    public Owner owner() {
        Owner known = owner.orElseGet(() -> caller.get().owner());
        owner = Optional.of(known);
        return known;
    }

    public BookState readBook() {
        return readOrCreate(reader -> reader.book(owner()));
    }

    /** The answer if {@code If-None-Match} names the current book; then nothing else has to be read. */
    public Optional<Response> answerIfUnchanged(HttpHeaders headers) {
        if (headers.getHeaderString(HttpHeaders.IF_NONE_MATCH) == null
                || headers.getHeaderString(HttpHeaders.IF_MATCH) != null) {
            return Optional.empty();
        }
        CheckCode code = BookReadings.checkCode(readBook());
        return Conditions.isKnown(headers, code.value())
                ? Optional.of(Response.notModified(Responses.tag(code)).build())
                : Optional.empty();
    }

    /** Refuses a request if {@code If-Match} names another state of the book than the one read. */
    public static void refuseAnotherBook(HttpHeaders headers, Reading<?> reading) {
        Optional<CheckCode> wanted = Conditions.ifMatch(headers);
        if (wanted.isPresent() && !wanted.get().equals(reading.checkCode())) {
            BookState book = reading.book();
            throw new ProblemException(new Problem.CheckCodeMismatch(
                    reading.checkCode(), book.digest().count(), book.seq(), Optional.empty()));
        }
    }

    /** Reads something that may be absent. */
    public <T> T read(Function<BookReadings, T> read) {
        return places.run(owner(), () -> read.apply(readings));
    }

    /** Reads from the book; if there is none, creates it and reads again. */
    public <T> T readOrCreate(Function<BookReadings, Optional<T>> read) {
        return read(reader -> {
            Optional<T> found = read.apply(reader);
            // A book that was just made may be erased before it is read.
            for (int i = 0; found.isEmpty() && i < MOST_MADE; i++) {
                gateway.ensureBook(owner());
                found = read.apply(reader);
            }
            return found.orElseThrow(() -> new IllegalStateException("book was made and is not there"));
        });
    }
}
