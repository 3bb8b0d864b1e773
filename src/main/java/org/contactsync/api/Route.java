package org.contactsync.api;

import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** The resource that a request came to, without what stands in its path. */
final class Route {
    private static final String NONE = "none";

    private Route() {}

    /** The template of the resource; {@code none} when there is no such resource, or the request was refused before it was looked for. */
    static String of(UriInfo uri) {
        @Nullable String template;
        try {
            template = uri.getMatchedResourceTemplate();
        } catch (RuntimeException e) {
            // The runtime has looked for no resource.
            return NONE;
        }
        return template == null || template.isEmpty() ? NONE : template;
    }
}
