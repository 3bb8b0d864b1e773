package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.contactsync.checkcode.Sha256;
import org.contactsync.door.Conditions;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/** {@code /docs}: the protocol, its appendix and their vectors, as they are in this version. */
@Path("/docs")
@Dependent
public class DocumentsResource {
    private static final Map<String, Document> DOCUMENTS = Map.of(
            "protocol.md", Document.of("protocol.md", "text/markdown;charset=UTF-8"),
            "card-mapping.md", Document.of("card-mapping.md", "text/markdown;charset=UTF-8"),
            "card-mapping.json", Document.of("card-mapping.json", "application/json"),
            "vectors.json", Document.of("vectors.json", "application/json"),
            "more-vectors.json", Document.of("more-vectors.json", "application/json"));

    private static final int MAX_AGE_SECONDS = 3_600;

    /** One of the documents by its name. */
    @GET
    @Path("{name}")
    public Response document(@PathParam("name") String name, @Context HttpHeaders headers) {
        Document document = DOCUMENTS.get(name);
        if (document == null) {
            throw ProblemException.of(
                    ProblemType.NOT_FOUND,
                    "the documents are protocol.md, card-mapping.md, vectors.json, more-vectors.json and card-mapping.json");
        }
        EntityTag tag = new EntityTag(document.hash());
        CacheControl kept = new CacheControl();
        kept.setMaxAge(MAX_AGE_SECONDS);
        Response.ResponseBuilder response = Conditions.isKnown(headers, tag.getValue())
                ? Response.notModified()
                : Response.ok(document.text(), document.type());
        return response.tag(tag).cacheControl(kept).build();
    }

    private record Document(String text, String type, String hash) {
        static Document of(String name, String type) {
            try (InputStream in = DocumentsResource.class.getResourceAsStream("/docs/" + name)) {
                if (in == null) {
                    throw new IllegalStateException("not packaged: docs/" + name);
                }
                byte[] bytes = in.readAllBytes();
                return new Document(
                        new String(bytes, StandardCharsets.UTF_8),
                        type,
                        HexFormat.of().formatHex(Sha256.digest(bytes)));
            } catch (IOException e) {
                throw new IllegalStateException("not readable: docs/" + name, e);
            }
        }
    }
}
