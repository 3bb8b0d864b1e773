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
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.Position;
import org.contactsync.sync.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code /v1/book/digests}: finds what differs at a cost that depends on the difference (protocol §5). */
@Path("/v1/book/digests")
@Dependent
public class DigestsResource {
    private static final int DEFAULT_DEPTH = 2;
    /** 4,096 nodes: 64 KiB. */
    private static final int MOST_DEPTH = 3;
    /** Bytes of a node in JSON. */
    private static final int NODE_JSON = 72;

    private final BookDoor door;

    @Inject
    public DigestsResource(BookDoor door) {
        this.door = door;
    }

    /** The nodes below a prefix as JSON. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response nodes(
            @Context HttpHeaders headers,
            @QueryParam("prefix") @Nullable String prefix,
            @QueryParam("depth") @Nullable String depth) {
        return answer(
                headers,
                prefix,
                depth,
                (nodes, codes) ->
                        BodyBytes.json(headers, NODE_JSON * nodes.value().size(), json -> {
                            json.object()
                                    .member("checkCode", nodes.checkCode().value())
                                    .name("nodes")
                                    .object();
                            nodes.value().forEach((name, digest) -> json.name(name)
                                    .object()
                                    .member("count", digest.count())
                                    .member("node", HexFormat.of().formatHex(codes.node(name, digest)))
                                    .end());
                            json.end().end();
                        }));
    }

    /** The nodes below a prefix, 16 bytes each, in order, empty ones included. */
    @GET
    @Produces("application/octet-stream;qs=0.5")
    public Response bytes(
            @Context HttpHeaders headers,
            @QueryParam("prefix") @Nullable String prefix,
            @QueryParam("depth") @Nullable String depth) {
        return answer(headers, prefix, depth, (nodes, codes) -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            nodes.value().forEach((name, digest) -> out.writeBytes(codes.node(name, digest)));
            return Response.ok(out.toByteArray(), MediaType.APPLICATION_OCTET_STREAM_TYPE);
        });
    }

    private interface Form {
        Response.ResponseBuilder of(Reading<SortedMap<String, BookDigest>> nodes, CheckCodes codes);
    }

    private Response answer(HttpHeaders headers, @Nullable String prefix, @Nullable String depth, Form form) {
        Place place = Place.of(prefix, depth);
        Optional<Response> unchanged = door.unchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<SortedMap<String, BookDigest>> nodes = read(place);
        return form.of(nodes, new CheckCodes(nodes.book().key()))
                .tag(Responses.tag(nodes.checkCode()))
                .build();
    }

    /** Which nodes are asked for. */
    private record Place(String prefix, int depth) {
        static Place of(@Nullable String prefix, @Nullable String depth) {
            String from = QueryValues.prefix(prefix);
            int most = Math.min(MOST_DEPTH, Position.DIGITS - from.length());
            return new Place(
                    from,
                    depth == null ? Math.min(DEFAULT_DEPTH, most) : (int) QueryValues.number("depth", depth, 0, most));
        }
    }

    private Reading<SortedMap<String, BookDigest>> read(Place place) {
        return door.existing(reader -> reader.nodes(door.owner(), place.prefix(), place.depth()));
    }
}
