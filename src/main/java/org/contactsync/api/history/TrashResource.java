package org.contactsync.api.history;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.door.BookDoor;
import org.contactsync.door.QueryValues;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code /v1/book/trash}: contacts that were deleted, the latest first, and the way back for one of them. */
@Path("/v1/book/trash")
@Dependent
public class TrashResource {
    private final BookDoor door;
    private final HistoryReadings history;
    private final ContactRestore restore;

    @Inject
    public TrashResource(BookDoor door, HistoryReadings history, ContactRestore restore) {
        this.door = door;
        this.history = history;
        this.restore = restore;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response page(
            @Context HttpHeaders headers,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("until") @Nullable String until,
            @QueryParam("below") @Nullable String below) {
        int most = QueryValues.limit(limit, Pages.DEFAULT_PAGE, Pages.MOST_PAGE);
        Optional<Uid> uid = QueryValues.uid("below", below);
        if (until == null && below != null) {
            throw ProblemException.malformed("below", "only together with until");
        }
        Optional<Place> after = until == null ? Optional.empty() : Optional.of(new Place(Pages.until(until), uid));
        Reading<Page> page = door.readOrCreate(reader -> history.deleted(door.owner(), after, most));
        Optional<String> next = page.value().next().map(place -> HistoryUris.trash(place, most));
        return Pages.of(headers, "contacts", page.value().versions(), next, page);
    }

    /** Puts the last version of a deleted contact back. */
    @POST
    @Path("{uid: .+}/restore")
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> restore(
            @Context HttpHeaders headers, @PathParam("uid") String uid, InputStream in) {
        if (CardProfile.uidFlaw(uid).isPresent()) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "no such contact");
        }
        return restore.run(headers, new Uid(uid), in);
    }
}
