package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.contactsync.door.Responses;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.json.AnswerJson;

/** {@code GET /v1/capabilities}: the limits, for clients to plan with. */
@Path("/v1/capabilities")
@Dependent
public class CapabilitiesResource {
    private final Limits limits;

    @Inject
    public CapabilitiesResource(Limits limits) {
        this.limits = limits;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get() {
        return Responses.json(AnswerJson.of(limits))
                .header(HttpHeaders.CACHE_CONTROL, "max-age=300")
                .build();
    }
}
