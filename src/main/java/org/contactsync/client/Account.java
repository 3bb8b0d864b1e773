package org.contactsync.client;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.contactsync.protocol.DeviceId;

/**
 * One user's book on one server, as this installation reaches it.
 *
 * @param server base address without {@code /v1}, e.g. {@code http://localhost:9080}
 * @param token the bearer token; never shown and never stored
 * @param device the name of this installation, when it has one
 */
public record Account(URI server, String token, Optional<DeviceId> device) {
    public Account {
        String scheme = String.valueOf(server.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https") || server.getHost() == null) {
            throw new IllegalArgumentException("server: an address like http://localhost:9080, not " + server);
        }
        if (token.isBlank() || !token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("token: one line of printable ASCII without spaces");
        }
        server = URI.create(server.toString().replaceAll("/+$", ""));
    }

    /**
     * What stays the same when the token is renewed: the server with the issuer and subject of the token, or, when the token is
     * no JWT, with the token itself. It names the state file; it is no proof of anything.
     */
    public String identity() {
        return server + "\n" + subject().orElse(token);
    }

    private Optional<String> subject() {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            try (JsonReader reader = Json.createReader(new StringReader(claims))) {
                JsonObject object = reader.readObject();
                String subject = object.getString("sub", "");
                return subject.isEmpty() ? Optional.empty() : Optional.of(object.getString("iss", "") + "\n" + subject);
            }
        } catch (JsonException | IllegalArgumentException notAJwt) {
            return Optional.empty();
        }
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "Account[" + server + "]";
    }
}
