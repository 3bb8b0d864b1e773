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
import org.contactsync.protocol.ResourcePath;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.upkeep.DiskRoom;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests at once, with 503 and {@code Retry-After}: those that need the database or the broker while it does not
 * answer, so that no request waits for them, and changes while the disk is nearly full. Thread-safe.
 */
@Provider
@PreMatching
@ApplicationScoped
@Priority(0)
@SuppressWarnings("NullAway.Init") // filled by the container
public class ServiceGate implements ContainerRequestFilter {
    /** The next check runs by then. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final String CAPABILITIES = "v1/capabilities";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final Pattern ASYNC = Pattern.compile("(?i)\\brespond-async\\b");

    private Dependencies dependencies;
    private DiskRoom disk;

    /** For the container's proxy. */
    public ServiceGate() {}

    @Inject
    public ServiceGate(Dependencies dependencies, DiskRoom disk) {
        this.dependencies = dependencies;
        this.disk = disk;
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
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.DATABASE_AWAY, RETRY));
        }
        if (disk.low() && need != Need.NOTHING && !needsNoRoom(request.getMethod())) {
            throw new ProblemException(DiskRoom.problem());
        }
        if (need == Need.DATABASE_AND_BROKER && dependencies.brokerAway()) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.QUEUE_AWAY, RETRY));
        }
    }

    /** Reads, and deletions, which free space. */
    static boolean needsNoRoom(String method) {
        return READING.contains(method) || method.equals("DELETE");
    }

    static Need need(String method, String path, @Nullable String prefer) {
        String from = ResourcePath.of(path);
        if (from.startsWith("admin/")) {
            // An operator's actions change the database; the sweeper sends messages that the broker did not accept.
            return Need.DATABASE;
        }
        if (!from.startsWith("v1/") || from.equals(CAPABILITIES)) {
            return Need.NOTHING;
        }
        // Accepted with 202 once its row is written; it runs when the broker is back.
        boolean async = method.equals("PATCH")
                && prefer != null
                && ASYNC.matcher(prefer).find();
        return async || READING.contains(method) ? Need.DATABASE : Need.DATABASE_AND_BROKER;
    }
}
