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
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BookDoor;
import org.contactsync.door.QueryValues;
import org.contactsync.door.Responses;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.json.PageJson;
import org.contactsync.sync.reading.BookPages.Leaf;
import org.contactsync.sync.reading.BookReadings.EntriesPage;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code /v1/book/digests/entries}: uids and hashes under nodes of the digest tree (protocol 4.7.3, decision 16). */
@Path("/v1/book/digests/entries")
@Dependent
public class EntriesResource {
    /** All nodes two levels down. */
    private static final int MOST_PREFIXES = 256;

    /** Some 600 KB, or 2.9 MB with uids of maximum length. */
    private static final int MOST_PAGE = 5_000;

    /** Some 60 KB: read at once, and written before the next slice is read. */
    static final int SLICE = 500;

    /** Bytes of a hash: with fewer, contacts of one large book would often have the same. */
    private static final int LEAST_HASH = 4;

    /** Bytes of an entry with a usual uid. */
    private static final int ENTRY_JSON = 128;

    /**
     * What is asked for.
     *
     * @param hashBytes how much of each content hash is written; all of it if that is not said
     */
    record Entries(List<String> prefixes, Optional<Integer> hashBytes) {
        void write(JsonWriter json, Leaf entry) {
            PageJson.entry(json, entry.uid(), entry.hash(), hashBytes.orElse(ContentHash.BYTES));
        }
    }

    private final BookDoor door;

    @Inject
    public EntriesResource(BookDoor door) {
        this.door = door;
    }

    /** Uids and content hashes under some prefixes, separated by commas; without prefixes, of the whole book. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @Context HttpHeaders headers,
            @QueryParam("prefix") @Nullable String prefixes,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("hash") @Nullable String hash) {
        Entries asked = new Entries(prefixes(prefixes), hashBytes(hash));
        Optional<Uid> from = QueryValues.uid("after", after);
        boolean paged = limit != null || from.isPresent();
        int most = paged ? QueryValues.limit(limit, MOST_PAGE, MOST_PAGE) : SLICE;
        Optional<Response> unchanged = door.answerIfUnchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<EntriesPage> page =
                door.readOrCreate(reader -> reader.entries(door.owner(), asked.prefixes(), from, most));
        BookDoor.refuseAnotherBook(headers, page);
        List<Leaf> entries = page.value().entries();
        Response.ResponseBuilder response = page.value().more() && !paged
                ? EntriesStream.answer(headers, door, asked, page)
                : BodyBytes.json(headers, ENTRY_JSON * entries.size(), json -> {
                    PageJson.beginEntries(json, page.checkCode());
                    entries.forEach(entry -> asked.write(json, entry));
                    PageJson.endEntries(json, next(page.value(), asked, most));
                });
        return response.tag(Responses.tag(page.checkCode())).build();
    }

    private static Optional<String> next(EntriesPage page, Entries asked, int most) {
        return page.more()
                ? Optional.of(BookUris.entries(
                        asked.prefixes(),
                        asked.hashBytes(),
                        page.entries().get(page.entries().size() - 1).uid(),
                        most))
                : Optional.empty();
    }

    private static List<String> prefixes(@Nullable String value) {
        return QueryValues.limited(
                QueryValues.prefixes(value).stream().distinct().toList(), MOST_PREFIXES);
    }

    private static Optional<Integer> hashBytes(@Nullable String hash) {
        return hash == null
                ? Optional.empty()
                : Optional.of((int) QueryValues.number("hash", hash, LEAST_HASH, ContentHash.BYTES));
    }
}
