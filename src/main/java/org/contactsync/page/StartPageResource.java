package org.contactsync.page;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.contactsync.settings.Settings;

/** {@code GET /}: where everything is. */
@Path("/")
@Dependent
public class StartPageResource {
    private final StartPage page;

    @Inject
    public StartPageResource(Settings settings) {
        page = new StartPage(settings);
    }

    /** The page for a browser. */
    @GET
    @Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
    public String html() {
        return page.html();
    }

    /** The page for a terminal. */
    @GET
    @Produces(MediaType.TEXT_PLAIN + ";charset=UTF-8;qs=0.9")
    public String plain() {
        return page.plain();
    }
}
