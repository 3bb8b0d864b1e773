package org.contactsync.api.exchange;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BookDoor;
import org.contactsync.door.GzipBytes;
import org.contactsync.door.Responses;
import org.contactsync.exchange.FileFormat;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.reading.BookReadings.ContactPage;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.transport.RequestSockets;

/** {@code GET /v1/book/export}: the whole book as a file that other programs read. */
@Path("/v1/book/export")
@Dependent
public class ExportResource {
    static final String VCARD = "text/vcard";
    static final String JSCONTACT = "application/jscontact+json";

    /** How many contacts the file has: where an answer without chunks breaks off, nothing else tells that there are more. */
    private static final String COUNT = "Contact-Count";

    private static final MediaType VCARD_TYPE = MediaType.valueOf(VCARD);
    private static final MediaType JSCONTACT_TYPE = MediaType.valueOf(JSCONTACT);

    private final BookDoor door;
    private final ExchangePlaces places;
    private final RequestSockets sockets;

    @Inject
    public ExportResource(BookDoor door, ExchangePlaces places, RequestSockets sockets) {
        this.door = door;
        this.places = places;
        this.sockets = sockets;
    }

    @GET
    @Produces({VCARD, JSCONTACT + ";qs=0.5"})
    public Response get(@Context HttpHeaders headers, @Context HttpServletRequest request) {
        FileFormat format = format(headers.getAcceptableMediaTypes());
        Optional<Response> unchanged = door.answerIfUnchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<ContactPage> first =
                door.readOrCreate(reader -> reader.contacts(door.owner(), Optional.empty(), ExportStream.SLICE));
        BookDoor.refuseAnotherBook(headers, first);
        long count = first.book().digest().count();
        refuseTooMany(format, count);
        boolean packed = GzipBytes.isAccepted(headers);
        Object own = request.getAttribute(RequestSockets.REQUEST);
        ExportStream stream = new ExportStream(
                door, places, format, first, packed, () -> sockets.of(own).cut());
        return BodyBytes.addCodingHeaders(Response.ok(stream, format.mediaType()), packed)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .header(COUNT, count)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + format.fileName() + "\"")
                .tag(Responses.tag(first.checkCode()))
                .build();
    }

    /** What would be cut off in the end is not begun. */
    private static void refuseTooMany(FileFormat format, long count) {
        if (count > format.mostContacts()) {
            throw ProblemException.of(
                    ProblemType.NOT_ACCEPTABLE,
                    "a book of more than " + format.mostContacts() + " contacts is exported as " + JSCONTACT + " only");
        }
    }

    /** The first that the client likes best and the service has; vCard 4.0 if it does not say a version (RFC 6350 §10.1). */
    private static FileFormat format(List<MediaType> acceptable) {
        for (MediaType type : acceptable) {
            if (VCARD_TYPE.isCompatible(type)) {
                String version = type.getParameters().getOrDefault("version", "4.0");
                if (version.equals("4.0")) {
                    return FileFormat.VCARD_4;
                }
                if (version.equals("3.0")) {
                    return FileFormat.VCARD_3;
                }
            } else if (JSCONTACT_TYPE.isCompatible(type)
                    && type.getParameters().getOrDefault("version", "1.0").equals("1.0")) {
                return FileFormat.JSCONTACT;
            }
        }
        throw new NotAcceptableException();
    }
}
