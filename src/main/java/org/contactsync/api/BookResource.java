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
import org.contactsync.door.BookDoor;
import org.contactsync.door.Conditions;
import org.contactsync.door.Responses;
import org.contactsync.protocol.json.AnswerJson;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;

/** {@code GET} and {@code HEAD /v1/book}: is anything different? A book is created when its owner first asks. */
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
        BookState book = door.readBook();
        CheckCode code = BookReadings.checkCode(book);
        if (Conditions.isKnown(headers, code.value())) {
            return Response.notModified(Responses.tag(code)).build();
        }
        return Responses.json(AnswerJson.of(BookReadings.head(book)))
                .tag(Responses.tag(code))
                .build();
    }
}
