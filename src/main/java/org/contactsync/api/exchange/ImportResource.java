package org.contactsync.api.exchange;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/book/import}: the contacts of a file are added to the book, or replace those with their uids. */
@Path("/v1/book/import")
@Dependent
public class ImportResource {
    private final BookImport imports;

    @Inject
    public ImportResource(BookImport imports) {
        this.imports = imports;
    }

    @POST
    @Consumes({ExportResource.VCARD, "text/x-vcard", "text/directory", ExportResource.JSCONTACT})
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> add(@Context HttpHeaders headers, InputStream in) {
        return imports.run(headers, in);
    }
}
