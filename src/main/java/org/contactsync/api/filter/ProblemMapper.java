package org.contactsync.api.filter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import org.contactsync.door.Problems;
import org.contactsync.log.FailureLog;
import org.contactsync.log.RequestTrace;
import org.contactsync.protocol.json.ProblemJson;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.queue.message.Stopping;
import org.contactsync.queue.work.TransientFailure;

/**
 * Writes every failure of a resource as {@code application/problem+json}; unexpected failures are logged and answered 500.
 */
@Provider
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final FailureLog LOG = FailureLog.of(ProblemMapper.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    @Context
    private HttpServletRequest request;

    private Stopping stopping;

    /** For the container's proxy. */
    public ProblemMapper() {}

    @Inject
    public ProblemMapper(Stopping stopping) {
        this.stopping = stopping;
    }

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof ProblemException refused) {
            return answer(
                    refused.problem(), Response.status(refused.problem().type().status()));
        }
        if (failure instanceof WebApplicationException refused) {
            Response original = refused.getResponse();
            if (original.getStatus() < 400) {
                return original;
            }
            ProblemType type = Problems.ofStatus(original.getStatus());
            Response.ResponseBuilder response = Response.status(type.status());
            String allow = original.getHeaderString(HttpHeaders.ALLOW);
            if (allow != null) {
                response.header(HttpHeaders.ALLOW, allow);
            }
            return answer(new Problem.Plain(type, type.title()), response);
        }
        if (stopping.now()) {
            LOG.warning("request not served, the service is stopping", trace(), failure);
            Problem ends = Stopping.problem();
            return answer(ends, Response.status(ends.type().status()));
        }
        if (TransientFailure.is(failure)) {
            LOG.warning("request not served", trace(), failure);
            Problem away = TransientFailure.problem(failure, RETRY);
            return answer(away, Response.status(away.type().status()));
        }
        LOG.error("request failed", trace(), failure);
        ProblemType type = ProblemType.INTERNAL_ERROR;
        return answer(new Problem.Plain(type, "the failure was logged"), Response.status(type.status()));
    }

    private String trace() {
        return String.valueOf(request.getAttribute(RequestTrace.PROPERTY));
    }

    private static Response answer(Problem problem, Response.ResponseBuilder response) {
        problem.retryAfter()
                .ifPresent(after -> response.header(HttpHeaders.RETRY_AFTER, Math.max(1, after.toSeconds())));
        return response.type(Problems.MEDIA_TYPE)
                .entity(ProblemJson.of(problem))
                .build();
    }
}
