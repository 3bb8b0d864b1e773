package org.contactsync.access;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.settings.Settings;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Lets a request to a resource for operators pass only when its token has the group of the operators. Thread-safe. */
@Provider
@AdminOnly
@ApplicationScoped
@Priority(Priorities.AUTHORIZATION)
public class AdminFilter implements ContainerRequestFilter {
    private final String group;

    /** For the container's proxy. */
    public AdminFilter() {
        group = "";
    }

    @Inject
    public AdminFilter(Settings settings) {
        group = settings.adminGroup();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!(request.getSecurityContext().getUserPrincipal() instanceof JsonWebToken token)
                || !isAdmin(token.getGroups())) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "the token is not one of an administrator");
        }
    }

    private boolean isAdmin(@Nullable Set<String> groups) {
        return !group.isEmpty() && groups != null && groups.contains(group);
    }
}
