package org.contactsync.api.filter;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.contactsync.door.Problems;
import org.contactsync.log.FailureLog;
import org.contactsync.log.RequestTrace;
import org.contactsync.protocol.json.ProblemJson;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The last resort for errors that no resource and no exception mapper handles: replaces the container's error page by
 * {@code application/problem+json} (RFC 9457).
 *
 * <p>It names the kind of problem, but nothing of the request or the failure, which the server has logged. Thread-safe.
 */
@WebServlet(urlPatterns = "/problem", loadOnStartup = 1)
public class ProblemServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final FailureLog LOG = FailureLog.of(ProblemServlet.class);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = status(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        ProblemType type = Problems.ofStatus(status);
        RequestTrace trace = request.getAttribute(RequestTrace.PROPERTY) instanceof RequestTrace known
                ? known
                : RequestTrace.begin(request.getHeader(RequestTrace.TRACE_HEADER));
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure) {
            LOG.error("answered " + status + " outside a resource", trace.toString(), failure);
        }
        String problem =
                ProblemJson.withInstance(ProblemJson.of(new Problem.Plain(type, type.title())), trace.instance());
        byte[] body = problem.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader(RequestTrace.ID_HEADER, trace.id().toString());
        response.setHeader(RequestTrace.TRACE_HEADER, trace.traceparent());
        response.setContentType(Problems.MEDIA_TYPE);
        response.setContentLength(body.length);
        if (!"HEAD".equals(request.getMethod())) {
            response.getOutputStream().write(body);
        }
    }

    /** A direct request for its path, without an error, gets 404. */
    private static int status(@Nullable Object errorStatus) {
        return errorStatus instanceof Integer status ? status : HttpServletResponse.SC_NOT_FOUND;
    }
}
