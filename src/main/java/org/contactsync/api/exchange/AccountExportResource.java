package org.contactsync.api.exchange;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.contactsync.door.BookDoor;
import org.contactsync.exchange.AccountArchive;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.reading.BookReadings.ContactPage;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.transport.RequestSockets;

/** {@code GET /v1/account/export}: everything that the caller may take along, as one archive. Creates no book. */
@Path("/v1/account/export")
@Dependent
public class AccountExportResource {
    private final BookDoor door;
    private final ArchiveSources sources;
    private final ExchangePlaces places;
    private final RequestSockets sockets;

    @Inject
    public AccountExportResource(BookDoor door, ArchiveSources sources, ExchangePlaces places, RequestSockets sockets) {
        this.door = door;
        this.sources = sources;
        this.places = places;
        this.sockets = sockets;
    }

    @GET
    @Produces(AccountArchive.MEDIA_TYPE)
    public Response get(@Context HttpServletRequest request) {
        Reading<ContactPage> first = door.read(
                        reader -> reader.contacts(door.owner(), Optional.empty(), ArchiveStream.SLICE))
                .orElseThrow(() -> ProblemException.of(ProblemType.NOT_FOUND, "this user has no account here"));
        Object own = request.getAttribute(RequestSockets.REQUEST);
        ArchiveStream stream = new ArchiveStream(
                door.owner(),
                door::read,
                sources,
                places,
                first,
                () -> sockets.of(own).cut());
        return Response.ok(stream, AccountArchive.MEDIA_TYPE)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + AccountArchive.FILE_NAME + "\"")
                .build();
    }
}
