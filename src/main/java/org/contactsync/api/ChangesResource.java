package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BookDoor;
import org.contactsync.door.QueryValues;
import org.contactsync.door.Responses;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.json.PageJson;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.reading.BookReadings.FeedPage;
import org.contactsync.sync.reading.BookReadings.FeedRow;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/book/changes}: what changed after a sequence number, tombstones included. */
@Path("/v1/book/changes")
@Dependent
public class ChangesResource {
    private static final int DEFAULT_PAGE = 200;
    private static final int MOST_PAGE = 1_000;

    private final BookDoor door;

    @Inject
    public ChangesResource(BookDoor door) {
        this.door = door;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @Context HttpHeaders headers,
            @QueryParam("since") @Nullable String since,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("start") @Nullable String start,
            @QueryParam("excludeDevice") @Nullable String excludeDevice) {
        long from = QueryValues.number("since", since == null ? "0" : since, 0, Long.MAX_VALUE / 10);
        int most = QueryValues.limit(limit, DEFAULT_PAGE, MOST_PAGE);
        long begun = QueryValues.number("start", start == null ? "0" : start, 0, Long.MAX_VALUE / 10);
        Optional<Uid> within = QueryValues.uid("after", after);
        Optional<DeviceId> without = QueryValues.device("excludeDevice", excludeDevice);
        Optional<Response> unchanged = door.answerIfUnchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<FeedPage> page = door.readOrCreate(reader -> reader.changes(door.owner(), from, within, most, without));
        boolean whole = from == 0 && within.isEmpty();
        if (!whole && from < page.book().changesFrom() && begun != page.book().changesFrom()) {
            throw ProblemException.of(
                    ProblemType.CHANGES_EXPIRED,
                    "changes are known from " + page.book().changesFrom() + " on");
        }
        List<BookChange> changes = page.value().changes();
        boolean more = page.value().more();
        String next = BookUris.without(next(page, from, most, whole || begun > 0), without);
        return BodyBytes.json(headers, BodyBytes.ofChanges(changes), json -> {
                    PageJson.changes(json, changes, more, next, page.book().seq(), page.checkCode());
                })
                .tag(Responses.tag(page.checkCode()))
                .build();
    }

    /** Where the feed continues, now or after the next change. */
    private static String next(Reading<FeedPage> page, long since, int most, boolean whole) {
        Optional<FeedRow> rest = page.value().rest();
        if (rest.isEmpty()) {
            return BookUris.changes(Math.max(since, page.book().seq()), Optional.empty(), most);
        }
        FeedRow last = rest.get();
        long from = page.book().changesFrom();
        // A client that reads from 0 needs no older tombstones, as long as none are removed that were added since.
        return whole && last.seq() - 1 < from
                ? BookUris.changesFromZero(last.seq() - 1, last.uid(), most, from)
                : BookUris.changes(last.seq() - 1, Optional.of(last.uid()), most);
    }
}
