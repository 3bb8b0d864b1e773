package org.contactsync.api.filter;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.contactsync.door.Problems;
import org.contactsync.log.RequestTrace;
import org.contactsync.protocol.json.ProblemJson;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.transport.Framing;
import org.contactsync.transport.RequestSockets;

/**
 * Refuses requests with a head that the server accepts but the JAX-RS runtime fails on, which would be answered 500, and
 * requests with an ambiguous length, whose connection is closed. Thread-safe.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class RequestHeadFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    /** RFC 3986: a registered name or an IP literal, and a port. */
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,64}]|[A-Za-z0-9._~!$&'()*+;=%-]{0,255})(:[0-9]{0,5})?");

    /** The value of {@code q=} if it is not a number; RFC 9110, 12.4.2. */
    private static final Pattern BAD_WEIGHT =
            Pattern.compile(";\\s*q\\s*=\\s*(?![0-9]{1,4}(\\.[0-9]{0,8})?\\s*([,;]|$))", Pattern.CASE_INSENSITIVE);

    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** Much longer than a browser's; a longer header is ignored. */
    private static final int MOST_ACCEPT = 4_096;

    private static final String UNCLEAR =
            "the length of the body is said by one Content-Length, or by Transfer-Encoding: chunked";

    /** For the container. */
    public RequestHeadFilter() {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean isClear = Framing.isClear(
                request.getProtocol(), request.getHeaders("Content-Length"), request.getHeaders("Transfer-Encoding"));
        Optional<String> flaw = isClear ? flaw(request) : Optional.of(UNCLEAR);
        if (flaw.isEmpty()) {
            // An answer may have to be cut off.
            request.setAttribute(RequestSockets.REQUEST, request);
            chain.doFilter(request, response);
            return;
        }
        RequestTrace trace = RequestTrace.begin(request.getHeader(RequestTrace.TRACE_HEADER));
        String problem = ProblemJson.of(new Problem.MalformedRequest("", flaw.get()));
        byte[] body = ProblemJson.withInstance(problem, trace.instance()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        if (!isClear) {
            response.setHeader("Connection", "close");
        }
        response.setHeader(RequestTrace.ID_HEADER, trace.id().toString());
        response.setHeader(RequestTrace.TRACE_HEADER, trace.traceparent());
        response.setContentType(Problems.MEDIA_TYPE);
        response.setContentLength(body.length);
        if (!"HEAD".equals(request.getMethod())) {
            response.getOutputStream().write(body);
        }
    }

    private static Optional<String> flaw(HttpServletRequest request) {
        if (request.getRequestURI().indexOf('\\') >= 0) {
            return Optional.of("a path must not contain a backslash; use %5C");
        }
        String query = request.getQueryString();
        if (query != null
                && query.indexOf('%') >= 0
                && BAD_ESCAPE.matcher(query).find()) {
            return Optional.of("in a query, % must be followed by two hexadecimal digits");
        }
        Enumeration<String> hosts = request.getHeaders("Host");
        if (hosts.hasMoreElements() && (!HOST.matcher(hosts.nextElement()).matches() || hosts.hasMoreElements())) {
            return Optional.of("the header Host must be one host with an optional port");
        }
        Enumeration<String> accepts = request.getHeaders("Accept");
        while (accepts.hasMoreElements()) {
            String accept = accepts.nextElement();
            if (accept.length() > MOST_ACCEPT || BAD_WEIGHT.matcher(accept).find()) {
                return Optional.of("the header Accept is malformed");
            }
        }
        return Optional.empty();
    }
}
