package org.contactsync.health;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ResourcePath;
import org.jspecify.annotations.Nullable;

/**
 * Refuses at once, with 503 and {@code Retry-After}, what cannot be done while the database or the broker does not answer, so
 * that no request waits for them. Thread-safe.
 */
@Provider
@PreMatching
@ApplicationScoped
@Priority(0)
@SuppressWarnings("NullAway.Init") // filled by the container
public class ServiceGate implements ContainerRequestFilter {
    /** The next question is asked by then. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final String CAPABILITIES = "v1/capabilities";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final Pattern ASYNC = Pattern.compile("(?i)\\brespond-async\\b");

    private Dependencies dependencies;

    /** For the container's proxy. */
    public ServiceGate() {}

    @Inject
    public ServiceGate(Dependencies dependencies) {
        this.dependencies = dependencies;
    }

    /** Refuses requests whose dependencies are not available. */
    enum Need {
        NOTHING,
        DATABASE,
        DATABASE_AND_BROKER
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Need need = need(request.getMethod(), request.getUriInfo().getPath(), request.getHeaderString("Prefer"));
        if (need != Need.NOTHING && dependencies.databaseAway()) {
            throw new ProblemException(new Problem.Unavailable("the database does not answer", RETRY));
        }
        if (need == Need.DATABASE_AND_BROKER && dependencies.brokerAway()) {
            throw new ProblemException(Problem.Unavailable.queueAway(RETRY));
        }
    }

    static Need need(String method, String path, @Nullable String prefer) {
        String from = ResourcePath.of(path);
        if (from.startsWith("admin/")) {
            // What an operator repairs is in the database; the sweeper sends what the broker did not take.
            return Need.DATABASE;
        }
        if (!from.startsWith("v1/") || from.equals(CAPABILITIES)) {
            return Need.NOTHING;
        }
        // Accepted with 202 when its row is written; it runs when the broker is back.
        boolean async = method.equals("PATCH")
                && prefer != null
                && ASYNC.matcher(prefer).find();
        return async || READING.contains(method) ? Need.DATABASE : Need.DATABASE_AND_BROKER;
    }
}
