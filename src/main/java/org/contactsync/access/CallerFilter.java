package org.contactsync.access;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.contactsync.log.RequestTrace;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.ResourcePath;
import org.contactsync.protocol.json.ProblemJson;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.settings.Settings;
import org.jspecify.annotations.Nullable;

/** Lets a request to a resource pass only with a verified token, and says whose it is. Thread-safe. */
@Provider
@ApplicationScoped
@Priority(Priorities.AUTHENTICATION)
@SuppressWarnings("NullAway.Init") // filled by the container
public class CallerFilter implements ContainerRequestFilter {
    /** Everything else needs a token, however its path is written. A client reads the limits before it has one. */
    private static final Set<String> PUBLIC = Set.of(
            "",
            "v1/capabilities",
            // has a secret of its own
            "v1/rehearsal",
            "dev/tokens",
            "dev/jwks.json",
            ResourceMetadataResource.PATH,
            "docs/protocol.md",
            "docs/card-mapping.md",
            "docs/card-mapping.json",
            "docs/vectors.json",
            "docs/more-vectors.json");

    private static final String DEVICE_ID = "Device-Id";

    /** RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). */
    private static final String BEARER = "Bearer ";

    /** The property of a request that has its {@link Owner}: known where the scope of the request has ended. */
    public static final String OWNER = "org.contactsync.owner";

    private CurrentCaller current;
    private JWKSource<SecurityContext> keys;
    private TokenVerifier verifier;

    /** For the container's proxy. */
    public CallerFilter() {}

    @Inject
    public CallerFilter(CurrentCaller current, Settings settings) {
        this.current = current;
        keys = IssuerKeys.of(settings);
        verifier = new TokenVerifier(settings.issuer(), keys, Clock.systemUTC());
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = ResourcePath.of(request.getUriInfo().getPath());
        if (PUBLIC.contains(path)) {
            return;
        }
        String authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        Optional<VerifiedToken> token = bearer(authorization).flatMap(verifier::verify);
        if (token.isEmpty()) {
            request.abortWith(unauthorized(authorization, request.getUriInfo().getBaseUri()));
            return;
        }
        VerifiedToken verified = token.get();
        Owner owner = verified.owner();
        request.setProperty(OWNER, owner);
        current.set(
                new Caller(owner, device(request), verified.groups(), verified.region(), verified.ends(), id(request)));
    }

    /** Ends the threads that fetch keys. */
    @PreDestroy
    void close() {
        if (keys instanceof KnownKeys known) {
            known.close();
        }
    }

    private static Optional<String> bearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private static UUID id(ContainerRequestContext request) {
        return request.getProperty(RequestTrace.PROPERTY) instanceof RequestTrace trace
                ? trace.id()
                : RequestTrace.begin().id();
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

    /** RFC 6750 section 3.1: without credentials no error code. RFC 9728 section 5.1: where to learn how to get a token. */
    private static Response unauthorized(@Nullable String authorization, URI base) {
        String challenge = "Bearer realm=\"contact-sync\""
                + (authorization == null ? "" : ", error=\"invalid_token\"")
                + ", resource_metadata=\"" + base.resolve("/" + ResourceMetadataResource.PATH) + "\"";
        String detail = authorization == null
                ? "the request has no Authorization header"
                : "the token is not from this service's issuer or not for its audience, or it has expired";
        return Response.status(Response.Status.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .type("application/problem+json")
                .entity(ProblemJson.of(new Problem.Plain(ProblemType.UNAUTHORIZED, detail)))
                .build();
    }
}
