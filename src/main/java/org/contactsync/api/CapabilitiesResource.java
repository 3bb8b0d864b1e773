package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.json.JsonWriter;

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
        String body = new JsonWriter()
                .object()
                .member("protocol", "v1")
                .member("checkCode", "ck1")
                .member("maxChunkContacts", limits.chunkContacts())
                .member("maxChunkBytes", limits.chunkBytes())
                .member("oneShotContacts", limits.oneShotContacts())
                .member("oneShotBytes", limits.oneShotBytes())
                .member("maxContactBytes", CardProfile.MAX_CARD_BYTES)
                .member("maxUidBytes", Uid.MAX_BYTES)
                .member("maxDepth", CardProfile.MAX_DEPTH)
                .member("maxBookContacts", limits.bookContacts())
                .member("maxBookBytes", limits.bookBytes())
                .member("maxChunks", limits.chunks())
                .member("maxQueuedTasks", limits.queuedTasks())
                .member("maxQueuedBytes", limits.queuedBytes())
                .member("maxStagedBytes", limits.stagedBytes())
                .member("maxQueuedSeconds", limits.queueAge().toSeconds())
                .member("waitSecondsDefault", limits.waitDefault().toSeconds())
                .member("waitSecondsMax", limits.waitMost().toSeconds())
                .member("uploadLeaseSeconds", limits.uploadLease().toSeconds())
                .member("taskRetentionSeconds", limits.taskRetention().toSeconds())
                .member("changesRetentionSeconds", limits.changesRetention().toSeconds())
                .end()
                .text();
        return Responses.json(body)
                .header(HttpHeaders.CACHE_CONTROL, "max-age=300")
                .build();
    }
}
