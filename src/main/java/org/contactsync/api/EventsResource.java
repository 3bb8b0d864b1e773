package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Optional;
import org.contactsync.access.Caller;
import org.contactsync.access.CurrentCaller;
import org.contactsync.door.BookDoor;
import org.contactsync.events.EventStreams;
import org.contactsync.events.EventStreams.Stream;
import org.contactsync.protocol.BookNews;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;

/** {@code GET /v1/events}: tells the state of the book, now and after each change, until the client or its token ends it. */
@Path("/v1/events")
@Dependent
public class EventsResource {
    private static final String TYPE = "text/event-stream";
    private static final String LAST_EVENT = "Last-Event-ID";

    private final BookDoor door;
    private final CurrentCaller caller;
    private final EventStreams streams;

    @Inject
    public EventsResource(BookDoor door, CurrentCaller caller, EventStreams streams) {
        this.door = door;
        this.caller = caller;
        this.streams = streams;
    }

    @GET
    @Produces(TYPE)
    public Response listen(@Context HttpHeaders headers, @Context HttpServletRequest request) {
        Caller listener = caller.get();
        Stream stream = streams.open(listener.owner(), listener.device(), listener.ends());
        try {
            BookState book = door.readBook();
            BookNews now = new BookNews(book.seq(), BookReadings.checkCode(book), Optional.empty());
            boolean isKnown = String.valueOf(now.seq()).equals(headers.getHeaderString(LAST_EVENT));
            StreamingOutput answer = out -> stream.begin(request, out, now, isKnown);
            return open(Response.ok(answer, TYPE));
        } catch (Throwable e) {
            // Errors too: a place that is not given back is lost for a while.
            stream.giveUp();
            throw e;
        }
    }

    /** Whether a stream could be opened, without opening one. */
    @HEAD
    @Produces(TYPE)
    public Response head() {
        return open(Response.ok().type(TYPE));
    }

    /** Proxies such as nginx would keep events back. The connection ends with the stream: the server does not read it meanwhile. */
    private static Response open(Response.ResponseBuilder response) {
        return response.header("X-Accel-Buffering", "no")
                .header("Connection", "close")
                .build();
    }
}
