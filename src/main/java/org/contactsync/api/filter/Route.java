package org.contactsync.api.filter;

import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** The resource of a request, without the values in its path. */
final class Route {
    private static final String NONE = "none";

    private Route() {}

    /**
     * The template of the resource; {@code none} if there is no such resource, or if the request was refused before it was
     * determined.
     */
    static String of(UriInfo uri) {
        @Nullable String template;
        try {
            template = uri.getMatchedResourceTemplate();
        } catch (RuntimeException e) {
            // The runtime has not matched a resource.
            return NONE;
        }
        return template == null || template.isEmpty() ? NONE : template;
    }
}
