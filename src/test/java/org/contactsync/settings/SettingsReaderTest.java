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
            "instance", "local"));

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
        assertRefused("JWT_AUDIENCE must be set");
        values.put("JWT_AUDIENCE", "contact-sync");
        assertRefused("JWT_JWKS_URL must be set");
        values.put("JWT_JWKS_URL", "not an address");
        assertRefused("JWT_JWKS_URL must be an http or https address");
    }

    @Test
    void refusesKeysOrAudienceWithoutAnIssuer() {
        values.put("JWT_AUDIENCE", "contact-sync");
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
    void keepsThePasswordOfTheTrustStoreOutOfTexts() {
        issuer("https://issuer.example", "contact-sync", "https://issuer.example/keys");
        values.put("TLS_TRUST_STORE", "/etc/trust.p12");
        assertRefused("TLS_TRUST_STORE_PASSWORD must be set");
        values.put("TLS_TRUST_STORE_PASSWORD", "very secret");
        assertThat(read()).asString().contains("/etc/trust.p12").doesNotContain("secret");
    }

    @Test
    void refusesAnAlgorithmWithASharedSecret() {
        issuer("https://issuer.example", "contact-sync", "https://issuer.example/keys");
        values.put("JWT_ALGORITHM", "HS256");
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
        values.put("JWT_AUDIENCE", audience);
        values.put("JWT_JWKS_URL", keys);
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
