package org.contactsync.client.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Gets a development token. A production server does not issue such tokens. */
public final class DevelopmentTokens {
    /** The endpoint looks at no token, and every account has one. */
    private static final String NONE = "none";

    private DevelopmentTokens() {}

    /**
     * A token of {@code user}; empty when the server gives none to anybody.
     *
     * @throws IllegalArgumentException when {@code server} is no address of a server
     */
    public static Optional<String> ask(URI server, String user) throws ServerUnreachable, ServerRefusal {
        Exchange exchange = new Exchange(
                new Account(server, NONE, Optional.empty()), RetryPolicy.DEFAULT, Pause.SLEEPING, Progress.SILENT);
        Response response = exchange.send(exchange.withoutToken("/dev/tokens")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .post(("user=" + URLEncoder.encode(user, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8))
                .build());
        return response.status() == 404
                ? Optional.empty()
                : Optional.of(response.read(json -> json.getString("token")));
    }
}
