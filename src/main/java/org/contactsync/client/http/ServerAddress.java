package org.contactsync.client.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of the only server that receives the token, and which of its paths may be requested. Whatever the server answers,
 * this client sends no request elsewhere: redirects are not followed, and a link is followed only below its {@code /v1}.
 *
 * @param base scheme, host, port and perhaps a path, without a slash at its end
 */
record ServerAddress(URI base) {
    /** A uid of 255 bytes is 765 characters when it is percent-encoded; a link has one, and little else. */
    private static final int LONGEST_LINK = 4096;

    /** RFC 3986: path and query; no fragment, no backslash, nothing that a reader could take for another host. */
    private static final Pattern BELOW_V1 = Pattern.compile("/v1/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*+");

    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)/(?:\\.|%2e){1,2}(?:/|$)");
    private static final Pattern LOOPBACK =
            Pattern.compile("(?i)localhost|127(?:\\.[0-9]{1,3}){3}|\\[(?:0:){7}1]|\\[::1]");

    /** @throws IllegalArgumentException in words for a person, when it is no address that a token may be sent to */
    ServerAddress {
        String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
        if ((!scheme.equals("http") && !scheme.equals("https")) || base.getHost() == null) {
            throw new IllegalArgumentException(
                    "The server's address has to look like https://contacts.example.com, not " + base + ".");
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "The server's address may have a host, a port and a path, but no user, no ? and no #.");
        }
        if (scheme.equals("http") && !isLoopback(base.getHost())) {
            throw new IllegalArgumentException(
                    "The address " + base + " is not encrypted: anyone on the network could read"
                            + " your token. Use https://. Plain http:// is only for a server on this machine.");
        }
        base = URI.create(base.toString().replaceAll("/+$", ""));
    }

    /** Whether the name can only be this machine. */
    private static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    boolean isEncrypted() {
        return "https".equalsIgnoreCase(base.getScheme());
    }

    /** @param path of this client's own making, with its slash */
    URI of(String path) {
        URI uri = URI.create(base + path);
        if (!isSameServer(uri)) {
            throw new IllegalArgumentException("path: one on the same server");
        }
        return uri;
    }

    /**
     * The path that a link in an answer names.
     *
     * @param link a path below {@code /v1}, or a whole address on this server
     * @throws ServerRefusal when it leads anywhere else: it was not followed
     */
    String path(String link) throws ServerRefusal {
        if (link.length() <= LONGEST_LINK) {
            String path = link.startsWith("/") ? link : onThisServer(link);
            if (BELOW_V1.matcher(path).matches()
                    && !DOT_SEGMENT.matcher(beforeQuery(path)).find()) {
                return path;
            }
        }
        throw new ServerRefusal(ServerProblem.found(
                "foreign-link",
                "An answer contains a link to another server. It was not followed.",
                "Check the server's address. If it is correct, report this to the operator of the server."));
    }

    /** The part after this server's address; empty when it is another server's, or no address. */
    private String onThisServer(String link) {
        try {
            URI uri = new URI(link);
            String prefix = String.valueOf(base.getRawPath());
            boolean here = isSameServer(uri)
                    && uri.getRawFragment() == null
                    && uri.getRawPath().startsWith(prefix);
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return here ? uri.getRawPath().substring(prefix.length()) + query : "";
        } catch (URISyntaxException notAnAddress) {
            return "";
        }
    }

    private boolean isSameServer(URI uri) {
        return String.valueOf(uri.getScheme()).equalsIgnoreCase(base.getScheme())
                && String.valueOf(uri.getHost()).equalsIgnoreCase(base.getHost())
                && uri.getRawUserInfo() == null
                && port(uri) == port(base);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static String beforeQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
