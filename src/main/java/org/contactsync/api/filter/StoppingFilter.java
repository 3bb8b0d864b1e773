package org.contactsync.api.filter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import org.contactsync.queue.message.Stopping;

/** Makes clients send their next request elsewhere once this instance is asked to stop. Thread-safe. */
@Provider
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class StoppingFilter implements ContainerResponseFilter {
    private Stopping stopping;

    /** For the container's proxy. */
    public StoppingFilter() {}

    @Inject
    public StoppingFilter(Stopping stopping) {
        this.stopping = stopping;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (stopping.now()) {
            response.getHeaders().putSingle("Connection", "close");
        }
    }
}
