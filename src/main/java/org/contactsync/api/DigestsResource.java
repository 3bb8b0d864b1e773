package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.Position;
import org.contactsync.protocol.JsonWriter;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.sync.BookPages.Leaf;
import org.contactsync.sync.BookReadings.Reading;
import org.jspecify.annotations.Nullable;

/** {@code /v1/book/digests}: finds what differs at a cost that depends on the difference (protocol §5). */
@Path("/v1/book/digests")
@Dependent
public class DigestsResource {
    private static final int DEFAULT_DEPTH = 2;
    /** 4,096 nodes: 64 KiB. */
    private static final int MOST_DEPTH = 3;
    /** All nodes two levels down. */
    private static final int MOST_PREFIXES = 256;

    private final BookDoor door;

    @Inject
    public DigestsResource(BookDoor door) {
        this.door = door;
    }

    /** The nodes below a prefix as JSON. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response nodes(@QueryParam("prefix") @Nullable String prefix, @QueryParam("depth") @Nullable String depth) {
        Reading<DigestTree> tree = tree(QueryValues.prefix(prefix));
        CheckCodes codes = new CheckCodes(tree.book().key());
        JsonWriter json = new JsonWriter()
                .object()
                .member("checkCode", tree.checkCode().value())
                .name("nodes")
                .object();
        below(tree, prefix, depth)
                .forEach((name, digest) -> json.name(name)
                        .object()
                        .member("count", digest.count())
                        .member("node", HexFormat.of().formatHex(codes.node(name, digest)))
                        .end());
        return Responses.json(json.end().end().text())
                .tag(Responses.tag(tree.checkCode()))
                .build();
    }

    /** The nodes below a prefix, 16 bytes each, in order, empty ones included. */
    @GET
    @Produces("application/octet-stream;qs=0.5")
    public Response bytes(@QueryParam("prefix") @Nullable String prefix, @QueryParam("depth") @Nullable String depth) {
        Reading<DigestTree> tree = tree(QueryValues.prefix(prefix));
        CheckCodes codes = new CheckCodes(tree.book().key());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        below(tree, prefix, depth).forEach((name, digest) -> out.writeBytes(codes.node(name, digest)));
        return Response.ok(out.toByteArray(), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .tag(Responses.tag(tree.checkCode()))
                .build();
    }

    /** Uids and content hashes under some prefixes, separated by commas; without any: of the whole book. */
    @GET
    @Path("entries")
    @Produces(MediaType.APPLICATION_JSON)
    public Response entries(@QueryParam("prefix") @Nullable String prefixes) {
        List<String> asked = Arrays.stream((prefixes == null ? "" : prefixes).split(",", -1))
                .map(QueryValues::prefix)
                .distinct()
                .toList();
        if (asked.size() > MOST_PREFIXES) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "at most " + MOST_PREFIXES + " prefixes");
        }
        List<String> apart = asked.stream()
                .filter(each -> asked.stream().noneMatch(other -> !other.equals(each) && each.startsWith(other)))
                .toList();
        Reading<List<Leaf>> leaves = door.existing(reader -> reader.entries(door.owner(), apart));
        JsonWriter json = new JsonWriter()
                .object()
                .member("checkCode", leaves.checkCode().value())
                .name("entries")
                .array();
        leaves.value()
                .forEach(leaf -> json.array()
                        .value(leaf.uid().value())
                        .value(leaf.hash().hex())
                        .endArray());
        return Responses.json(json.endArray().end().text())
                .tag(Responses.tag(leaves.checkCode()))
                .build();
    }

    private Reading<DigestTree> tree(String prefix) {
        return door.existing(reader -> reader.tree(door.owner(), prefix));
    }

    private static SortedMap<String, BookDigest> below(
            Reading<DigestTree> tree, @Nullable String prefix, @Nullable String depth) {
        String from = QueryValues.prefix(prefix);
        int most = Math.min(MOST_DEPTH, Position.DIGITS - from.length());
        int levels = depth == null ? Math.min(DEFAULT_DEPTH, most) : (int) QueryValues.number("depth", depth, 0, most);
        return tree.value().nodes(from, levels);
    }
}
