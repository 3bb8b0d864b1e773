package org.contactsync.access;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.settings.Settings;

/** Lets a request to a resource for operators pass only when its token has the group of the operators. Thread-safe. */
@Provider
@AdminOnly
@ApplicationScoped
@Priority(Priorities.AUTHORIZATION)
@SuppressWarnings("NullAway.Init") // filled by the container
public class AdminFilter implements ContainerRequestFilter {
    private CurrentCaller current;
    private String group;

    /** For the container's proxy. */
    public AdminFilter() {}

    @Inject
    public AdminFilter(CurrentCaller current, Settings settings) {
        this.current = current;
        group = settings.adminGroup();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!current.get().groups().contains(group)) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "the token is not an operator's token");
        }
    }
}
