package org.contactsync.page;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.contactsync.settings.Settings;

/** {@code GET /}: the web page for a browser, where everything is for a terminal. Thread-safe. */
@Path("/")
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class StartPageResource {
    private static final String DOCUMENT = "/WEB-INF/page.html";

    private StartPage page;
    private String policy;
    private byte[] document;

    /** For the container's proxy. */
    public StartPageResource() {}

    @Inject
    public StartPageResource(Settings settings, ServletContext context) {
        page = new StartPage(settings);
        policy = PagePolicy.of(settings.issuer());
        try (InputStream file = Objects.requireNonNull(context.getResourceAsStream(DOCUMENT))) {
            document = file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page for a browser; its files are below {@code /page} and {@code /js}. */
    @GET
    @Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
    public Response html() {
        return Response.ok(document)
                .header("Content-Security-Policy", policy)
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cache-Control", "no-cache")
                .build();
    }

    /** The page for a terminal. */
    @GET
    @Produces(MediaType.TEXT_PLAIN + ";charset=UTF-8;qs=0.9")
    public String plain() {
        return page.plain();
    }
}
