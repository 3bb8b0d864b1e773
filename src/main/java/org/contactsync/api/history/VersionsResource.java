package org.contactsync.api.history;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.door.BookDoor;
import org.contactsync.door.QueryValues;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/book/contacts/{uid}/versions}: what a contact was, the latest first. */
@Path("/v1/book/contacts/{uid: .+}/versions")
@Dependent
public class VersionsResource {
    private final BookDoor door;
    private final HistoryReadings history;

    @Inject
    public VersionsResource(BookDoor door, HistoryReadings history) {
        this.door = door;
        this.history = history;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @Context HttpHeaders headers,
            @PathParam("uid") String uid,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("before") @Nullable String before) {
        if (CardProfile.uidFlaw(uid).isPresent()) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "no such contact");
        }
        int most = QueryValues.limit(limit, Pages.DEFAULT_PAGE, Pages.MOST_PAGE);
        long below = Pages.before(before);
        Uid contact = new Uid(uid);
        Reading<Page> page = door.readOrCreate(reader -> history.versions(door.owner(), contact, below, most));
        List<PastVersion> versions = page.value().versions();
        Optional<String> next = page.value().next().map(place -> HistoryUris.versions(contact, place.until(), most));
        return Pages.of(headers, "versions", versions, next, page);
    }
}
