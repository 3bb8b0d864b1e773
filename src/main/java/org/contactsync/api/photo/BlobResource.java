package org.contactsync.api.photo;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.contactsync.door.BookDoor;
import org.contactsync.door.Conditions;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.door.Responses;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.Photos;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.queue.work.PhotoTransaction;
import org.contactsync.sync.book.BookState;
import org.contactsync.transport.RequestSockets;

/** {@code /v1/blobs/sha-256/{hex}}: a photo of the caller, by the digest of its bytes. Only {@code PUT} makes a book. */
@Path("/v1/blobs/sha-256/{hex: [0-9a-f]{64}}")
@Dependent
public class BlobResource {
    /** The bytes of a name never change. */
    private static final String CACHE = "private, max-age=86400, immutable";

    private final BookDoor door;
    private final PhotoUpload upload;
    private final Photos photos;
    private final PhotoObjects objects;
    private final PhotoTransaction transaction;
    private final ReadingPlaces readings;
    private final PhotoPlaces places;
    private final RequestSockets sockets;

    @Inject
    public BlobResource(
            BookDoor door,
            PhotoUpload upload,
            Photos photos,
            PhotoObjects objects,
            PhotoTransaction transaction,
            ReadingPlaces readings,
            PhotoPlaces places,
            RequestSockets sockets) {
        this.door = door;
        this.upload = upload;
        this.photos = photos;
        this.objects = objects;
        this.transaction = transaction;
        this.readings = readings;
        this.places = places;
        this.sockets = sockets;
    }

    /** Stores the photo; the same again is answered the same. */
    @PUT
    public Response put(@PathParam("hex") String hex, @Context HttpHeaders headers, InputStream in) {
        Photo photo = upload.receive(new PhotoDigest(hex), headers, in);
        String body = new JsonWriter()
                .object()
                .member("uri", photo.digest().uri())
                .member("mediaType", photo.type().mediaType())
                .member("bytes", photo.bytes())
                .end()
                .text();
        return Responses.json(body).build();
    }

    /** Whether the photo is there; it is kept for another time of grace. */
    @HEAD
    public Response head(@PathParam("hex") String hex) {
        PhotoDigest digest = new PhotoDigest(hex);
        long book = book().id();
        Photo photo =
                readings.run(door.owner(), () -> transaction.use(book, digest)).orElseThrow(BlobResource::absent);
        return describe(Response.ok(), photo).build();
    }

    @GET
    public Response get(
            @PathParam("hex") String hex, @Context HttpHeaders headers, @Context HttpServletRequest request) {
        PhotoDigest digest = new PhotoDigest(hex);
        long book = book().id();
        Photo photo =
                readings.run(door.owner(), () -> photos.find(book, digest)).orElseThrow(BlobResource::absent);
        if (Conditions.isKnown(headers, hex)) {
            return Response.notModified(new EntityTag(hex)).build();
        }
        Object own = request.getAttribute(RequestSockets.REQUEST);
        PhotoStream stream = new PhotoStream(
                door.owner(),
                book,
                photo,
                photos,
                objects,
                readings,
                places,
                () -> sockets.of(own).cut());
        return describe(Response.ok(stream), photo).build();
    }

    private BookState book() {
        return door.read(reader -> reader.book(door.owner())).orElseThrow(BlobResource::absent);
    }

    private static Response.ResponseBuilder describe(Response.ResponseBuilder response, Photo photo) {
        return response.type(photo.type().mediaType())
                .tag(new EntityTag(photo.digest().hex()))
                .header(HttpHeaders.CONTENT_LENGTH, photo.bytes())
                .header(HttpHeaders.CACHE_CONTROL, CACHE)
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .header("X-Content-Type-Options", "nosniff");
    }

    private static ProblemException absent() {
        return ProblemException.of(ProblemType.NOT_FOUND, "this user has no such photo here");
    }
}
