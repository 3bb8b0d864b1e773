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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.sync.BookPages.Leaf;
import org.contactsync.sync.BookReadings.EntriesPage;
import org.contactsync.sync.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code /v1/book/digests/entries}: uids and hashes under nodes of the digest tree (protocol 4.7.3, decision 16). */
@Path("/v1/book/digests/entries")
@Dependent
public class EntriesResource {
    /** All nodes two levels down. */
    private static final int MOST_PREFIXES = 256;

    /** Some 600 KB, 2.9 MB where uids are as long as can be. */
    private static final int MOST_PAGE = 5_000;

    /** Some 60 KB: read in one go, and written before the next is read. */
    static final int SLICE = 500;

    /** Bytes of an entry with a usual uid. */
    private static final int ENTRY_JSON = 128;

    private final BookDoor door;

    @Inject
    public EntriesResource(BookDoor door) {
        this.door = door;
    }

    /** Uids and content hashes under some prefixes, separated by commas; without any: of the whole book. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @Context HttpHeaders headers,
            @QueryParam("prefix") @Nullable String prefixes,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        List<String> asked = prefixes(prefixes);
        Optional<Uid> from = QueryValues.uid("after", after);
        boolean paged = limit != null || from.isPresent();
        int most = paged ? QueryValues.limit(limit, MOST_PAGE, MOST_PAGE) : SLICE;
        Optional<Response> unchanged = door.unchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<EntriesPage> page = door.existing(reader -> reader.entries(door.owner(), asked, from, most));
        BookDoor.refuseAnotherBook(headers, page);
        List<Leaf> entries = page.value().entries();
        Response.ResponseBuilder response = page.value().more() && !paged
                ? EntriesStream.answer(headers, door, asked, page)
                : BodyBytes.json(headers, ENTRY_JSON * entries.size(), json -> {
                    begin(json, page);
                    entries.forEach(entry -> write(json, entry));
                    json.endArray();
                    if (page.value().more()) {
                        Uid last = entries.get(entries.size() - 1).uid();
                        json.member("next", BookUris.entries(asked, last, most));
                    }
                    json.end();
                });
        return response.tag(Responses.tag(page.checkCode())).build();
    }

    static void begin(JsonWriter json, Reading<?> reading) {
        json.object()
                .member("checkCode", reading.checkCode().value())
                .name("entries")
                .array();
    }

    static void write(JsonWriter json, Leaf entry) {
        json.array().value(entry.uid().value()).value(entry.hash().hex()).endArray();
    }

    private static List<String> prefixes(@Nullable String value) {
        List<String> asked = Arrays.stream((value == null ? "" : value).split(",", -1))
                .map(QueryValues::prefix)
                .distinct()
                .toList();
        if (asked.size() > MOST_PREFIXES) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "at most " + MOST_PREFIXES + " prefixes");
        }
        return asked;
    }
}
