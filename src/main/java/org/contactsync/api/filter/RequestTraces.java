package org.contactsync.api.filter;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.contactsync.access.CallerFilter;
import org.contactsync.door.Responses;
import org.contactsync.log.FailureLog;
import org.contactsync.log.RequestTrace;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.json.ProblemJson;

/**
 * Identifies each request in its answer and, if it was answered 500, in the log; counts refusals. A path is logged as the
 * template of its resource, because paths contain uids. Thread-safe.
 */
@Provider
@PreMatching
@ApplicationScoped
@Priority(RequestTraces.BEFORE_ALL_OTHERS)
@SuppressWarnings("NullAway.Init") // filled by the container
public class RequestTraces implements ContainerRequestFilter, ContainerResponseFilter {
    static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;

    private static final FailureLog LOG = FailureLog.of(RequestTraces.class);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PATCH", "POST", "PUT", "DELETE", "OPTIONS");
    private static final int REFUSED = 400;

    private Refusals refusals;

    /** For the container's proxy. */
    public RequestTraces() {}

    @Inject
    public RequestTraces(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(
                RequestTrace.PROPERTY, RequestTrace.begin(request.getHeaderString(RequestTrace.TRACE_HEADER)));
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        RequestTrace trace = of(request);
        response.getHeaders().putSingle(RequestTrace.ID_HEADER, trace.id().toString());
        response.getHeaders().putSingle(RequestTrace.TRACE_HEADER, trace.traceparent());
        int status = response.getStatus();
        if (status < REFUSED) {
            return;
        }
        String route = Route.of(request.getUriInfo());
        refusals.countAnswer(route, status);
        OverloadReason.of(status, response.getEntity()).ifPresent(reason -> refusals.countOverload(status, reason));
        if (response.getEntity() instanceof String body && !Responses.isKept(response)) {
            response.setEntity(ProblemJson.withInstance(body, trace.instance()));
        }
        if (status == Response.Status.INTERNAL_SERVER_ERROR.getStatusCode()) {
            LOG.error(
                    "answered 500",
                    () -> "method=" + method(request.getMethod()) + " route=" + route + " user=" + user(request) + " "
                            + trace);
        }
    }

    /** A request refused before the first filter has no trace yet. */
    private static RequestTrace of(ContainerRequestContext request) {
        return request.getProperty(RequestTrace.PROPERTY) instanceof RequestTrace trace ? trace : RequestTrace.begin();
    }

    /** Returns {@code other} for methods that a caller invents. */
    private static String method(String name) {
        return METHODS.contains(name) ? name : "other";
    }

    private static String user(ContainerRequestContext request) {
        return request.getProperty(CallerFilter.OWNER) instanceof Owner owner ? owner.key() : "none";
    }
}
