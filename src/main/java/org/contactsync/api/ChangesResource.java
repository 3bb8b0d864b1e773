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
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.json.AnswerJson;
import org.contactsync.sync.BookReadings.FeedPage;
import org.contactsync.sync.BookReadings.Reading;
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
            @QueryParam("start") @Nullable String start) {
        long from = QueryValues.number("since", since == null ? "0" : since, 0, Long.MAX_VALUE / 10);
        int most = QueryValues.limit(limit, DEFAULT_PAGE, MOST_PAGE);
        long begun = QueryValues.number("start", start == null ? "0" : start, 0, Long.MAX_VALUE / 10);
        Optional<Uid> within = QueryValues.uid("after", after);
        Optional<Response> unchanged = door.unchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<FeedPage> page = door.existing(reader -> reader.changes(door.owner(), from, within, most));
        boolean whole = from == 0 && within.isEmpty();
        if (!whole && from < page.book().changesFrom() && begun != page.book().changesFrom()) {
            throw ProblemException.of(
                    ProblemType.CHANGES_EXPIRED,
                    "changes are known from " + page.book().changesFrom() + " on");
        }
        List<BookChange> changes = page.value().changes();
        return BodyBytes.json(headers, BodyBytes.ofChanges(changes), json -> {
                    json.object().name("changes").array();
                    changes.forEach(change -> AnswerJson.write(json, change));
                    json.endArray()
                            .member("hasMore", page.value().more())
                            .member("next", next(page, from, most, whole || begun > 0))
                            .member("seq", page.book().seq())
                            .member("checkCode", page.checkCode().value())
                            .end();
                })
                .tag(Responses.tag(page.checkCode()))
                .build();
    }

    /** Where the feed goes on, now or when something has changed. */
    private static String next(Reading<FeedPage> page, long since, int most, boolean whole) {
        List<BookChange> changes = page.value().changes();
        if (!page.value().more()) {
            return BookUris.changes(Math.max(since, page.book().seq()), Optional.empty(), most);
        }
        BookChange last = changes.get(changes.size() - 1);
        long from = page.book().changesFrom();
        // Who has read from 0 on needs no tombstones of before: as long as none are removed that came since.
        return whole && last.seq() - 1 < from
                ? BookUris.changesFromZero(last.seq() - 1, last.uid(), most, from)
                : BookUris.changes(last.seq() - 1, Optional.of(last.uid()), most);
    }
}
