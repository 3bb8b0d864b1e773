package org.contactsync.page;

import java.net.URI;
import java.util.Optional;
import org.contactsync.settings.TokenIssuer;

/** What a browser lets the web page do: {@code Content-Security-Policy}. */
final class PagePolicy {
    private static final String FIXED =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; connect-src 'self'";

    private PagePolicy() {}

    /** Nothing from elsewhere, nothing inline, and requests to this service and to the issuer of its tokens only. */
    static String of(TokenIssuer issuer) {
        return issuer instanceof TokenIssuer.External external
                ? FIXED + origin(external.name()).map(each -> " " + each).orElse("")
                : FIXED;
    }

    /** Empty if the issuer's name is no address: then nobody can ask it for a token. */
    private static Optional<String> origin(String issuer) {
        try {
            URI uri = URI.create(issuer);
            boolean isAddress =
                    ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null;
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return isAddress ? Optional.of(uri.getScheme() + "://" + uri.getHost() + port) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
