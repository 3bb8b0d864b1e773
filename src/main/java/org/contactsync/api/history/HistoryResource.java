package org.contactsync.api.history;

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
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BookDoor;
import org.contactsync.door.QueryValues;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.json.HistoryJson;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/book/history}: which tasks changed the book, the latest first. */
@Path("/v1/book/history")
@Dependent
public class HistoryResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MOST_PAGE = 1_000;

    /** Bytes of a change as JSON. */
    private static final int BYTES = 350;

    private final BookDoor door;
    private final HistoryReadings history;

    @Inject
    public HistoryResource(BookDoor door, HistoryReadings history) {
        this.door = door;
        this.history = history;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @Context HttpHeaders headers,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("before") @Nullable String before) {
        int most = QueryValues.limit(limit, DEFAULT_PAGE, MOST_PAGE);
        long below = Pages.before(before);
        Reading<List<PastChange>> page = door.readOrCreate(reader -> history.changes(door.owner(), below, most + 1));
        boolean more = page.value().size() > most;
        List<PastChange> changes = more ? page.value().subList(0, most) : page.value();
        Optional<String> next =
                more ? Optional.of(HistoryUris.changes(changes.get(most - 1).seq(), most)) : Optional.empty();
        return BodyBytes.json(headers, BYTES * changes.size(), json -> {
                    HistoryJson.changes(
                            json, changes, page.checkCode(), page.book().seq(), next);
                })
                .build();
    }
}
