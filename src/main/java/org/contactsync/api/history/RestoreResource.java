package org.contactsync.api.history;

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

/** {@code POST /v1/book/restore}: the book becomes again what it was. */
@Path("/v1/book/restore")
@Dependent
public class RestoreResource {
    private final BookRestore restore;

    @Inject
    public RestoreResource(BookRestore restore) {
        this.restore = restore;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> restore(@Context HttpHeaders headers, InputStream in) {
        return restore.run(headers, in);
    }
}
