package org.contactsync.access.development;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.contactsync.protocol.ResourcePath;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.settings.Settings;
import org.contactsync.settings.TokenIssuer;
import org.jspecify.annotations.Nullable;

/**
 * Restricts {@code /dev} to programs on this machine. With an issuer the path does not exist, and the request is not read.
 * Without this check a web page could get an operator's token: through a host name that it makes point to this machine (DNS
 * rebinding), or across origins. Thread-safe.
 */
@Provider
@PreMatching
@ApplicationScoped
@Priority(1)
public class DevelopmentGate implements ContainerRequestFilter {
    private static final Pattern LOCAL = Pattern.compile("(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::[0-9]{1,5})?");

    /** What a browser says of a request that no other site caused (Fetch Metadata). */
    private static final Set<String> NOT_FOREIGN = Set.of("same-origin", "none");

    private final boolean development;

    /** For the container's proxy. */
    public DevelopmentGate() {
        development = false;
    }

    @Inject
    public DevelopmentGate(Settings settings) {
        development = settings.issuer() instanceof TokenIssuer.Development;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = ResourcePath.of(request.getUriInfo().getPath());
        if (!path.equals("dev") && !path.startsWith("dev/")) {
            return;
        }
        if (!development) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "an issuer is configured: no development tokens");
        }
        refusal(
                        request.getHeaderString(HttpHeaders.HOST),
                        request.getHeaderString("Origin"),
                        request.getHeaderString("Sec-Fetch-Site"))
                .ifPresent(reason -> {
                    throw ProblemException.of(ProblemType.FORBIDDEN, reason);
                });
    }

    /** Why such a request is refused; empty when it is not. */
    static Optional<String> refusal(@Nullable String host, @Nullable String origin, @Nullable String site) {
        String named = host == null ? "" : host.toLowerCase(Locale.ROOT);
        if (!LOCAL.matcher(named).matches()) {
            return Optional.of("development tokens are issued at localhost, 127.0.0.1 and [::1] only");
        }
        if (origin != null && !origin.toLowerCase(Locale.ROOT).equals("http://" + named)) {
            return Optional.of("development tokens are not issued to pages of another origin");
        }
        if (site != null && !NOT_FOREIGN.contains(site)) {
            return Optional.of("development tokens are not issued to other sites");
        }
        return Optional.empty();
    }
}
