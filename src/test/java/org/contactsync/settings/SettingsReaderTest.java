package org.contactsync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
    /** What {@code src/main/liberty/config} sets when the operator sets nothing. */
    private final Map<String, String> values = new HashMap<>(Map.of(
            "http.host", "localhost",
            "http.port", "9080",
            "data.dir", "/data",
            "instance", "local",
            "jwt.issuer", TokenIssuer.DEVELOPMENT_NAME,
            "jwt.audience", TokenIssuer.DEVELOPMENT_NAME,
            "jwt.jwks.url", "http://localhost:9080/dev/jwks.json",
            "jwt.algorithm", "RS256"));

    @Test
    void givesDevelopmentTokensWhenNothingIsSet() {
        assertThat(read().issuer()).isEqualTo(new TokenIssuer.Development());
        assertThat(read().address()).hasToString("http://localhost:9080");
        assertThat(read().database()).isEqualTo(DatabaseKind.H2);
    }

    @Test
    void believesTheConfiguredIssuer() {
        issuer("https://issuer.example", "contact-sync", "https://issuer.example/keys");
        assertThat(read().issuer()).isInstanceOf(TokenIssuer.External.class);
        assertThat(read().issuer().name()).isEqualTo("https://issuer.example");
    }

    @Test
    void refusesAnIssuerWithoutKeysOrAudience() {
        values.put("JWT_ISSUER", "https://issuer.example");
        values.put("jwt.issuer", "https://issuer.example");
        assertRefused("JWT_JWKS_URL must be set");
        values.put("jwt.jwks.url", "https://issuer.example/keys");
        assertRefused("JWT_AUDIENCE must be set");
    }

    @Test
    void refusesKeysOrAudienceWithoutAnIssuer() {
        values.put("JWT_AUDIENCE", "contact-sync");
        values.put("jwt.audience", "contact-sync");
        assertRefused("JWT_ISSUER must be set");
    }

    @Test
    void refusesToGiveTokensToAnyoneOnTheNetwork() {
        values.put("http.host", "*");
        assertRefused("JWT_ISSUER must be set when HTTP_HOST is not localhost");
    }

    @Test
    void refusesTheDevelopmentNameAsAnIssuer() {
        issuer(TokenIssuer.DEVELOPMENT_NAME, "contact-sync", "https://issuer.example/keys");
        assertRefused("JWT_ISSUER must be");
    }

    @Test
    void refusesAnAlgorithmWithASharedSecret() {
        issuer("https://issuer.example", "contact-sync", "https://issuer.example/keys");
        values.put("jwt.algorithm", "HS256");
        assertRefused("JWT_ALGORITHM must be one of");
    }

    @Test
    void namesTheVariableThatIsWrong() {
        values.put("http.port", "many");
        assertRefused("HTTP_PORT must be");
        values.put("http.port", "9080");
        values.put("DB_KIND", "oracle");
        assertRefused("DB_KIND must be h2 or postgres");
        values.remove("DB_KIND");
        values.put("instance", "two words");
        assertRefused("INSTANCE must be");
        values.put("instance", "");
        assertRefused("INSTANCE must not be empty");
    }

    @Test
    void readsTheLeaseOfUploads() {
        values.put("UPLOAD_LEASE", "PT5S");
        assertThat(reader().readLimits().uploadLease()).isEqualTo(Duration.ofSeconds(5));
        values.put("QUEUE_AGE", "PT1H");
        assertThat(reader().readLimits().queueAge()).isEqualTo(Duration.ofHours(1));
        values.put("QUEUE_AGE", "P8D");
        assertThatThrownBy(() -> reader().readLimits()).hasMessageContaining("QUEUE_AGE must be");
        values.remove("QUEUE_AGE");
        values.put("UPLOAD_LEASE", "5 seconds");
        assertThatThrownBy(() -> reader().readLimits()).hasMessageContaining("UPLOAD_LEASE must be");
    }

    private void issuer(String name, String audience, String keys) {
        values.put("JWT_ISSUER", name);
        values.put("jwt.issuer", name);
        values.put("jwt.audience", audience);
        values.put("jwt.jwks.url", keys);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private Settings read() {
        return reader().read();
    }

    private SettingsReader reader() {
        return new SettingsReader(name -> Optional.ofNullable(values.get(name)));
    }
}
