package org.contactsync.client.http;

import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.json.BoundedJson;

/**
 * One user's book on one server, as this installation reaches it.
 *
 * @param server base address without {@code /v1}, e.g. {@code http://localhost:9080}; {@code https} unless it is on this machine
 * @param token the bearer token; never shown and never stored
 * @param device the name of this installation, when it has one
 */
public record Account(URI server, String token, Optional<DeviceId> device) {
    /** The server takes a header of 16,384 bytes (protocol 3.11). */
    private static final int LONGEST_TOKEN = 16_000;

    /** The year 9999, in seconds since 1970. */
    private static final long LAST_YEAR = 253_370_764_800L;

    /** @throws IllegalArgumentException in words for a person; also for an address to which the token must not go */
    public Account {
        if (token.isBlank() || token.length() > LONGEST_TOKEN || !token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "The token has to be one line of printable ASCII without spaces, at most 16,000 characters.");
        }
        server = new ServerAddress(server).base();
    }

    /**
     * What stays the same when the token is renewed: the server with the issuer and subject of the token, or, when the token is
     * no JWT, with the token itself. It names the state file; it is no proof of anything.
     */
    public String identity() {
        return server + "\n" + subject().orElse(token);
    }

    /** When the token says that it ends; empty when it does not say, or is no JWT. */
    public Optional<Instant> expires() {
        return claims().map(claims -> claims.get("exp"))
                .filter(JsonNumber.class::isInstance)
                .map(end -> ((JsonNumber) end).longValue())
                .filter(seconds -> seconds > 0 && seconds < LAST_YEAR)
                .map(Instant::ofEpochSecond);
    }

    private Optional<String> subject() {
        return claims().filter(claims -> !claims.getString("sub", "").isEmpty())
                .map(claims -> claims.getString("iss", "") + "\n" + claims.getString("sub"));
    }

    /** What the token says of itself, if it is a JWT; nothing here checks it. */
    private Optional<JsonObject> claims() {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(BoundedJson.object(Base64.getUrlDecoder().decode(parts[1])));
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
