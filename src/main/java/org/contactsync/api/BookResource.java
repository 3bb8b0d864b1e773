package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.sync.BookReadings;
import org.contactsync.sync.BookState;

/** {@code GET} and {@code HEAD /v1/book}: is anything different? A book is made when its owner first asks. */
@Path("/v1/book")
@Dependent
public class BookResource {
    private final BookDoor door;

    @Inject
    public BookResource(BookDoor door) {
        this.door = door;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(@Context HttpHeaders headers) {
        BookState book = door.book();
        CheckCode code = BookReadings.checkCode(book);
        if (Conditions.isKnown(headers, code.value())) {
            return Response.notModified(Responses.tag(code)).build();
        }
        return Responses.json(body(book, code)).tag(Responses.tag(code)).build();
    }

    private static String body(BookState book, CheckCode code) {
        return new JsonWriter()
                .object()
                .member("count", book.digest().count())
                .member("seq", book.seq())
                .member("checkCode", code.value())
                .member("checkKey", book.key().base64Url())
                .name("queue")
                .object()
                .member("running", book.hold().isPresent() ? 1 : 0)
                .member("waiting", book.openTasks())
                .end()
                .end()
                .text();
    }
}
