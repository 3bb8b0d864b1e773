package org.contactsync.page;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.contactsync.settings.Settings;
import org.contactsync.settings.TokenIssuer;

/**
 * The addresses and paths of this instance, for the log at start and for {@code GET /}.
 *
 * @param settings of this instance
 */
public record StartPage(Settings settings) {
    private static final String TITLE = "contact-sync keeps a contact book the same on phone and server.";

    /** Several lines for the log, including the data directory, which is not shown over HTTP. */
    public String text() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("listens", settings.address().toString());
        lines.put("data", settings.dataDirectory() + " (" + settings.database() + ")");
        links().forEach((name, path) -> lines.put(name, settings.address() + path));
        lines.put("tokens of", settings.issuer().name());
        if (settings.issuer() instanceof TokenIssuer.Development) {
            lines.put("get a token", tokenCommand());
        }
        return lines.entrySet().stream()
                .map(line -> "  %-12s %s".formatted(line.getKey(), line.getValue()))
                .collect(Collectors.joining("\n", "contact-sync is ready\n", ""));
    }

    /** A few lines with the links, for a terminal. */
    public String plain() {
        String token =
                settings.issuer() instanceof TokenIssuer.Development ? "get a token: " + tokenCommand() + "\n" : "";
        return links().entrySet().stream()
                .map(link -> link.getKey() + ": " + link.getValue() + "\n")
                .collect(Collectors.joining("", TITLE + "\n", token));
    }

    private static Map<String, String> links() {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("web page", "/");
        links.put("protocol", "/docs/protocol.md");
        links.put("OpenAPI", "/openapi");
        links.put("Swagger UI", "/openapi/ui/");
        links.put("health", "/health");
        links.put("metrics", "/metrics");
        return links;
    }

    private String tokenCommand() {
        return "curl -d user=alice " + settings.address() + "/dev/tokens";
    }
}
