package org.contactsync.access.development;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.settings.Settings;
import org.contactsync.settings.TokenIssuer;

/** {@code /dev}: tokens and the key that verifies them; 404 when an issuer is configured. Thread-safe. */
@Path("/dev")
@ApplicationScoped
public class DevelopmentResource {
    /** Each is read by a thread of the server. */
    private static final int MOST_FORMS = 8;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Semaphore forms = new Semaphore(MOST_FORMS);
    private final Optional<DevelopmentTokens> tokens;
    private final String adminGroup;

    /** For the container's proxy. */
    public DevelopmentResource() {
        tokens = Optional.empty();
        adminGroup = "";
    }

    @Inject
    public DevelopmentResource(Settings settings) {
        adminGroup = settings.adminGroup();
        tokens = settings.issuer() instanceof TokenIssuer.Development
                ? Optional.of(new DevelopmentTokens(DevelopmentKey.in(settings.dataDirectory()), Clock.systemUTC()))
                : Optional.empty();
    }

    /** Answers {@code {"token":…,"expiresIn":seconds}} for the user of the form; with {@code admin=true} an operator's. */
    @POST
    @Path("tokens")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.APPLICATION_JSON)
    public Response token(InputStream in) {
        DevelopmentTokens maker = available();
        DevelopmentForm form = read(in);
        String user = form.field("user").orElse("");
        if (user.isBlank() || user.length() > DevelopmentTokens.MAX_USER) {
            throw ProblemException.malformed(
                    "/user", "form field user: 1 to " + DevelopmentTokens.MAX_USER + " characters");
        }
        String body = Json.createObjectBuilder()
                .add(
                        "token",
                        maker.tokenFor(
                                user, form.field("admin").orElse("").equals("true") ? Set.of(adminGroup) : Set.of()))
                .add("expiresIn", DevelopmentTokens.LIFETIME.toSeconds())
                .build()
                .toString();
        return Response.ok(body).header("Cache-Control", "no-store").build();
    }

    /** The public key of the tokens (RFC 7517). */
    @GET
    @Path("jwks.json")
    @Produces(MediaType.APPLICATION_JSON)
    public String keySet() {
        return available().keySet();
    }

    private DevelopmentForm read(InputStream in) {
        if (!forms.tryAcquire()) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.TOO_MANY_FORMS, RETRY));
        }
        try {
            return DevelopmentForm.read(in, System::nanoTime);
        } finally {
            forms.release();
        }
    }

    private DevelopmentTokens available() {
        return tokens.orElseThrow(
                () -> ProblemException.of(ProblemType.NOT_FOUND, "an issuer is configured: no development tokens"));
    }
}
