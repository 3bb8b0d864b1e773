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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.Position;
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BookDoor;
import org.contactsync.door.QueryValues;
import org.contactsync.door.Responses;
import org.contactsync.protocol.json.PageJson;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/book/digests}: lets clients find differences at a cost that depends on the number of differences (protocol
 * §5).
 */
@Path("/v1/book/digests")
@Dependent
public class DigestsResource {
    private static final int DEFAULT_DEPTH = 2;
    /** 4,096 nodes: 64 KiB. */
    private static final int MOST_DEPTH = 3;
    /** As many as the deepest request for one prefix has. */
    private static final int MOST_NODES = 4_096;

    /** All nodes two levels down. */
    private static final int MOST_PREFIXES = 256;

    /** Bytes of a node in JSON. */
    private static final int NODE_JSON = 72;

    private final BookDoor door;

    @Inject
    public DigestsResource(BookDoor door) {
        this.door = door;
    }

    /** The nodes below some prefixes, separated by commas, as JSON. */
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
                            PageJson.nodes(json, nodes.checkCode(), nodes.value(), codes);
                        }));
    }

    /** The nodes below some prefixes, 16 bytes each, in the order asked, empty ones included. */
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
        Response.ResponseBuilder of(Reading<Map<String, BookDigest>> nodes, CheckCodes codes);
    }

    private Response answer(HttpHeaders headers, @Nullable String prefix, @Nullable String depth, Form form) {
        Places places = Places.of(prefix, depth);
        Optional<Response> unchanged = door.answerIfUnchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<Map<String, BookDigest>> nodes =
                door.readOrCreate(reader -> reader.nodes(door.owner(), places.prefixes(), places.depth()));
        return form.of(nodes, new CheckCodes(nodes.book().key()))
                .tag(Responses.tag(nodes.checkCode()))
                .build();
    }

    /** The requested nodes. */
    private record Places(List<String> prefixes, int depth) {
        static Places of(@Nullable String prefix, @Nullable String depth) {
            List<String> prefixes = QueryValues.limited(QueryValues.prefixes(prefix), MOST_PREFIXES);
            if (prefixes.size() > 1 && prefixes.contains("")) {
                throw refused("an empty prefix stands alone");
            }
            if (Set.copyOf(prefixes).size() < prefixes.size()) {
                throw refused("each prefix at most once");
            }
            int longest = prefixes.stream().mapToInt(String::length).max().orElse(0);
            int most = Math.min(MOST_DEPTH, Position.DIGITS - longest);
            if (depth == null) {
                return new Places(prefixes, defaultDepth(prefixes.size(), most));
            }
            int levels = (int) QueryValues.number("depth", depth, 0, most);
            if (nodes(prefixes.size(), levels) > MOST_NODES) {
                throw refused("at most " + MOST_NODES + " nodes in one answer");
            }
            return new Places(prefixes, levels);
        }

        private static int defaultDepth(int prefixes, int most) {
            int depth = Math.min(DEFAULT_DEPTH, most);
            while (nodes(prefixes, depth) > MOST_NODES) {
                depth--;
            }
            return depth;
        }

        private static int nodes(int prefixes, int depth) {
            return prefixes << 4 * depth;
        }

        private static ProblemException refused(String detail) {
            return ProblemException.of(ProblemType.MALFORMED_REQUEST, detail);
        }
    }
}
