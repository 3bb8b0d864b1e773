package org.contactsync.access;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.contactsync.settings.TokenIssuer;

/** Issues development tokens to anyone who asks. Immutable, thread-safe. */
final class DevelopmentTokens {
    static final String ALGORITHM = "RS256";

    /** A working day. */
    static final Duration LIFETIME = Duration.ofHours(12);

    static final int MAX_USER = 128;

    private final DevelopmentKey key;
    private final Clock clock;

    DevelopmentTokens(DevelopmentKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    /** The key set that verifies the tokens. */
    String keySet() {
        return key.keySet();
    }

    /**
     * A token whose subject is the user, valid from now for {@link #LIFETIME}.
     *
     * @param user 1 to 128 characters
     * @param groups what the user is besides
     */
    String tokenFor(String user, Set<String> groups) {
        if (user.isBlank() || user.length() > MAX_USER) {
            throw new IllegalArgumentException("user: 1 to " + MAX_USER + " characters");
        }
        Instant now = clock.instant();
        JsonObject header = Json.createObjectBuilder()
                .add("typ", "JWT")
                .add("alg", ALGORITHM)
                .add("kid", key.id())
                .build();
        JsonObject claims = Json.createObjectBuilder()
                .add("iss", TokenIssuer.DEVELOPMENT_NAME)
                .add("aud", TokenIssuer.DEVELOPMENT_NAME)
                .add("sub", user)
                .add("iat", now.getEpochSecond())
                .add("exp", now.plus(LIFETIME).getEpochSecond())
                .add("groups", Json.createArrayBuilder(groups))
                .add("jti", UUID.randomUUID().toString())
                .build();
        String signed = part(header) + "." + part(claims);
        return signed + "." + DevelopmentKey.base64(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String part(JsonObject json) {
        return DevelopmentKey.base64(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
