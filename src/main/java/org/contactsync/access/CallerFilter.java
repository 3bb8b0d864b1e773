package org.contactsync.access;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemJson;
import org.contactsync.protocol.ProblemType;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Lets a request to a resource pass only with a verified token, and says whose it is. Thread-safe. */
@Provider
@ApplicationScoped
@Priority(Priorities.AUTHENTICATION)
public class CallerFilter implements ContainerRequestFilter {
    /** Everything else needs a token, however its path is written. A client reads the limits before it has one. */
    private static final Set<String> PUBLIC = Set.of("", "v1/capabilities", "dev/tokens", "dev/jwks.json");

    private static final String DEVICE_ID = "Device-Id";

    private @Nullable CurrentCaller current;

    /** For the container's proxy. */
    public CallerFilter() {}

    @Inject
    public CallerFilter(CurrentCaller current) {
        this.current = current;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath().replaceFirst("^/+", "");
        if (PUBLIC.contains(path)) {
            return;
        }
        Optional<Owner> owner = owner(request.getSecurityContext().getUserPrincipal());
        if (owner.isEmpty()) {
            request.abortWith(unauthorized(request.getHeaderString(HttpHeaders.AUTHORIZATION)));
            return;
        }
        if (current != null) {
            current.set(new Caller(owner.get(), device(request)));
        }
    }

    /** Empty for a token whose issuer or subject no owner can have. */
    private static Optional<Owner> owner(@Nullable Principal principal) {
        if (!(principal instanceof JsonWebToken token) || token.getIssuer() == null || token.getSubject() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Owner(token.getIssuer(), token.getSubject()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<DeviceId> device(ContainerRequestContext request) {
        String header = request.getHeaderString(DEVICE_ID);
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DeviceId(header));
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** RFC 6750 section 3.1: without credentials no error code. */
    private static Response unauthorized(@Nullable String authorization) {
        String challenge = authorization == null
                ? "Bearer realm=\"contact-sync\""
                : "Bearer realm=\"contact-sync\", error=\"invalid_token\"";
        String detail = authorization == null
                ? "the request has no Authorization header"
                : "the token is not one of this service's issuer and audience, or it has expired";
        return Response.status(Response.Status.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .type("application/problem+json")
                .entity(ProblemJson.of(new Problem.Plain(ProblemType.UNAUTHORIZED, detail)))
                .build();
    }
}
