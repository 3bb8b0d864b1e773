package org.contactsync.api.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.access.AdminOnly;
import org.contactsync.access.CurrentCaller;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.door.BodyReader;
import org.contactsync.door.QueryValues;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.door.Responses;
import org.contactsync.log.AuditFile;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.json.WebhookJson;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.ReplayRequest;
import org.contactsync.settings.WebhookSettings;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Claim;
import org.contactsync.webhook.Deliveries.Listed;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;
import org.contactsync.webhook.EndpointState.Failure;
import org.contactsync.webhook.Message;
import org.contactsync.webhook.work.WebhookTransaction;
import org.jspecify.annotations.Nullable;

/** {@code /admin/v1/webhooks}: the systems that are told of changes, for operators. No contact data is shown. */
@Path("/admin/v1/webhooks")
@AdminOnly
@Dependent
public class AdminWebhooksResource {
    private static final Logger AUDIT = System.getLogger(AuditFile.LOGGER);
    private static final int DEFAULT_PAGE = 100;
    private static final int MOST_PAGE = 1_000;
    private static final int SMALL_BODY = 4 * 1024;

    private final WebhookSettings settings;
    private final Deliveries deliveries;
    private final WebhookTransaction transaction;
    private final ReadingPlaces places;
    private final CurrentCaller caller;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final Limits limits;

    @Inject
    public AdminWebhooksResource(
            WebhookSettings settings,
            Deliveries deliveries,
            WebhookTransaction transaction,
            ReadingPlaces places,
            CurrentCaller caller,
            BodyReader bodies,
            WorkBudget budget,
            Limits limits) {
        this.settings = settings;
        this.deliveries = deliveries;
        this.transaction = transaction;
        this.places = places;
        this.caller = caller;
        this.bodies = bodies;
        this.budget = budget;
        this.limits = limits;
    }

    /** All endpoints, in the order of the file; there are few. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response list() {
        List<WebhookJson.Endpoint> shown =
                runInPlace(() -> settings.endpoints().stream().map(this::shown).toList());
        return Responses.json(WebhookJson.of(shown)).build();
    }

    /** One endpoint. */
    @GET
    @Path("{name}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response one(@PathParam("name") String name) {
        Endpoint endpoint = endpoint(name);
        return Responses.json(WebhookJson.of(runInPlace(() -> shown(endpoint)))).build();
    }

    /** A page of deliveries that wait or are dead. */
    @GET
    @Path("{name}/deliveries")
    @Produces(MediaType.APPLICATION_JSON)
    public Response deliveries(
            @PathParam("name") String name,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        Endpoint endpoint = endpoint(name);
        int most = QueryValues.limit(limit, DEFAULT_PAGE, MOST_PAGE);
        List<Listed> page = runInPlace(() -> deliveries.list(known(name).endpoint(), Optional.ofNullable(after), most));
        Optional<String> next =
                page.size() == most ? Optional.of(page.get(most - 1).place()) : Optional.empty();
        return Responses.json(WebhookJson.of(
                        page.stream().map(each -> shown(each, endpoint)).toList(), next))
                .build();
    }

    /** Has the endpoint told of a book again. */
    @POST
    @Path("{name}/replay")
    @Produces(MediaType.APPLICATION_JSON)
    public Response replay(@PathParam("name") String name, @Context HttpHeaders headers, InputStream in) {
        endpoint(name);
        ReplayRequest wanted = read(headers, in);
        Delivery first = runInPlace(() -> transaction.replay(known(name).endpoint(), wanted.owner(), wanted.fromSeq()));
        AUDIT.log(
                Level.INFO,
                "admin action=replay by={0} endpoint={1} owner={2} seq={3}",
                caller.get().owner().key(),
                name,
                first.owner(),
                Long.toString(first.fromSeq()));
        return Responses.json(WebhookJson.ofReplay(first.owner(), first.fromSeq(), first.seq()))
                .build();
    }

    /** Delivers again to an endpoint that has answered 410, or whose pause is long. */
    @POST
    @Path("{name}/enable")
    @Produces(MediaType.APPLICATION_JSON)
    public Response enable(@PathParam("name") String name) {
        Endpoint endpoint = endpoint(name);
        WebhookJson.Endpoint shown = runInPlace(() -> {
            transaction.enable(known(name).endpoint());
            return shown(endpoint);
        });
        AUDIT.log(
                Level.INFO,
                "admin action=enable by={0} endpoint={1}",
                caller.get().owner().key(),
                name);
        return Responses.json(WebhookJson.of(shown)).build();
    }

    private ReplayRequest read(HttpHeaders headers, InputStream in) {
        Share share = budget.share(caller.get().owner());
        try {
            return new RequestReader(limits)
                    .replay(bodies.read(caller.get().owner(), in, headers, SMALL_BODY, share)
                            .decoded());
        } finally {
            share.release();
        }
    }

    private Endpoint endpoint(String name) {
        return settings.endpoints().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(AdminWebhooksResource::unknown);
    }

    private Claim known(String name) {
        return deliveries.look(name).orElseThrow(AdminWebhooksResource::unknown);
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemType.NOT_FOUND, "no endpoint has this name");
    }

    private <T> T runInPlace(Supplier<T> work) {
        return places.run(caller.get().owner(), work);
    }

    private WebhookJson.Endpoint shown(Endpoint endpoint) {
        return deliveries
                .look(endpoint.name())
                .map(AdminWebhooksResource::shown)
                .orElseGet(() -> new WebhookJson.Endpoint(
                        endpoint.name(),
                        "active",
                        0,
                        0,
                        0,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static WebhookJson.Endpoint shown(Claim claim) {
        EndpointState endpoint = claim.endpoint();
        Optional<Instant> resume = Optional.of(endpoint.resumeAt()).filter(at -> at.isAfter(claim.now()));
        Duration lag = Duration.between(endpoint.toldUntil(claim.figures()), claim.now());
        return new WebhookJson.Endpoint(
                endpoint.name(),
                endpoint.gone() ? "gone" : resume.isPresent() ? "paused" : "active",
                Math.max(0, lag.toSeconds()),
                claim.figures().waiting(),
                claim.figures().dead(),
                endpoint.failures(),
                endpoint.lastFailure().map(Failure::error),
                endpoint.lastFailure().map(Failure::at),
                endpoint.lastSuccess(),
                resume);
    }

    private static WebhookJson.Delivery shown(Listed listed, Endpoint endpoint) {
        return new WebhookJson.Delivery(
                listed.owner(),
                Message.ownerHash(listed.owner(), endpoint.ownerKey()),
                listed.fromSeq(),
                listed.seq(),
                listed.attempts(),
                listed.error(),
                listed.failedSince(),
                listed.triedAt(),
                listed.nextAttempt());
    }
}
