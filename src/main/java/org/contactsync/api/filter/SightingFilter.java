package org.contactsync.api.filter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import org.contactsync.access.CallerFilter;
import org.contactsync.account.Sighting;
import org.contactsync.account.Sightings;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.ResourcePath;
import org.contactsync.protocol.account.RequestKind;
import org.jspecify.annotations.Nullable;

/** Notes which device has sent a request that was answered (protocol 4.22.1). Writes nothing itself. Thread-safe. */
@Provider
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class SightingFilter implements ContainerResponseFilter {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int REFUSED = 400;
    private static final int CONFLICT = 409;
    private static final int MISMATCH = 412;

    /** Characters of a check code; a tag of look-ups has more behind it. */
    private static final int CODE = 47;

    private Sightings sightings;

    /** For the container's proxy. */
    public SightingFilter() {}

    @Inject
    public SightingFilter(Sightings sightings) {
        this.sightings = sightings;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String device = request.getHeaderString("Device-Id");
        if (device == null
                || !isAnswered(response.getStatus())
                || !(request.getProperty(CallerFilter.OWNER) instanceof Owner owner)) {
            return;
        }
        String method = request.getMethod();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        Optional<RequestKind> kind =
                kind(method, reads, ResourcePath.of(request.getUriInfo().getPath()));
        // A read tells what the book is; that the device has it too is known only if nothing had to be sent.
        boolean withCode = response.getStatus() == NOT_MODIFIED || !reads && response.getStatus() == OK;
        DeviceId id = new DeviceId(device);
        if (kind.isPresent() && sightings.isDue(owner, id, withCode)) {
            Optional<CheckCode> code = withCode ? code(response.getEntityTag()) : Optional.empty();
            RequestKind exact = reads && isLookup(request) ? RequestKind.LOOKUP : kind.get();
            sightings.add(new Sighting(owner, id, exact, code));
        }
    }

    /** Also a refusal because of the state of the book. */
    private static boolean isAnswered(int status) {
        return status < REFUSED || status == CONFLICT || status == MISMATCH;
    }

    /** Empty for what does not work with the book: that a device is being forgotten must not call it to mind again. */
    private static Optional<RequestKind> kind(String method, boolean reads, String path) {
        if (path.startsWith("v1/book")) {
            if (reads) {
                return Optional.of(RequestKind.READ);
            }
            boolean changes = method.equals("PATCH") || path.startsWith("v1/book/import");
            return Optional.of(changes ? RequestKind.CHANGE : RequestKind.RESTORE);
        }
        if (path.startsWith("v1/sync-tasks")) {
            return Optional.of(reads ? RequestKind.READ : RequestKind.UPLOAD);
        }
        return path.startsWith("v1/events") ? Optional.of(RequestKind.EVENTS) : Optional.empty();
    }

    private static boolean isLookup(ContainerRequestContext request) {
        String query = request.getUriInfo().getRequestUri().getRawQuery();
        return query != null && (("&" + query).contains("&phone=") || ("&" + query).contains("&q="));
    }

    private static Optional<CheckCode> code(@Nullable EntityTag tag) {
        if (tag == null || tag.getValue().length() < CODE) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CheckCode(tag.getValue().substring(0, CODE)));
        } catch (IllegalArgumentException e) {
            // The hash of a contact.
            return Optional.empty();
        }
    }
}
