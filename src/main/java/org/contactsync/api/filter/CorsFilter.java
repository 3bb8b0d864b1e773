package org.contactsync.api.filter;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.contactsync.settings.CorsOrigins;
import org.jspecify.annotations.Nullable;

/**
 * Lets web pages of the listed origins call the service (CORS protocol of the Fetch standard). No cookies are used, so
 * credentials are never allowed. A page of another origin gets the same answer without these headers, and its browser hides
 * it from the page. Thread-safe.
 */
@Provider
@PreMatching
@ApplicationScoped
@Priority(1)
@SuppressWarnings("NullAway.Init") // filled by the container
public class CorsFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final String ORIGIN = "Origin";
    private static final String METHOD = "Access-Control-Request-Method";
    private static final String METHODS = "GET, HEAD, PATCH, POST, PUT, DELETE";
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, Content-Encoding, Content-Digest, Device-Id, Idempotency-Key, If-Match,"
                    + " If-None-Match, Last-Event-ID, Prefer, Priority, traceparent";
    private static final String ANSWER_HEADERS =
            "ETag, Location, Retry-After, Contact-Count, Preference-Applied, RateLimit, RateLimit-Policy, Request-Id,"
                    + " X-Request-Id, WWW-Authenticate";

    /** Browsers cache it for ten minutes at most, some for less. */
    private static final String SECONDS = "600";

    private Set<String> allowed;

    /** For the container's proxy. */
    public CorsFilter() {}

    @Inject
    public CorsFilter(CorsOrigins origins) {
        allowed = origins.allowed();
    }

    /** Answers a browser's preflight request, which has no token. */
    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getMethod().equals("OPTIONS")
                && request.getHeaderString(METHOD) != null
                && isAllowed(request.getHeaderString(ORIGIN))) {
            request.abortWith(Response.noContent()
                    .header("Access-Control-Allow-Methods", METHODS)
                    .header("Access-Control-Allow-Headers", REQUEST_HEADERS)
                    .header("Access-Control-Max-Age", SECONDS)
                    .build());
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (allowed.isEmpty()) {
            return;
        }
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.add(HttpHeaders.VARY, ORIGIN);
        String origin = request.getHeaderString(ORIGIN);
        if (isAllowed(origin)) {
            headers.putSingle("Access-Control-Allow-Origin", origin);
            headers.putSingle("Access-Control-Expose-Headers", ANSWER_HEADERS);
        }
    }

    private boolean isAllowed(@Nullable String origin) {
        return origin != null && allowed.contains(origin);
    }
}
