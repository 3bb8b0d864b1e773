package org.contactsync.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.contactsync.settings.Settings;
import org.contactsync.settings.StartPage;
import org.jspecify.annotations.Nullable;

/** {@code GET /}: where everything is. */
@Path("/")
@RequestScoped
public class StartPageResource {
    @Inject
    private @Nullable Settings settings;

    /** For the container. */
    public StartPageResource() {}

    /** The page for a browser. */
    @GET
    @Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
    public String html() {
        return page().html();
    }

    /** The page for a terminal. */
    @GET
    @Produces(MediaType.TEXT_PLAIN + ";charset=UTF-8;qs=0.9")
    public String plain() {
        return page().plain();
    }

    private StartPage page() {
        Settings known = settings;
        if (known == null) {
            throw new IllegalStateException("no settings");
        }
        return new StartPage(known);
    }
}
