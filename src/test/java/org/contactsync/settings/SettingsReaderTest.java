package org.contactsync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
    /** The one setting that has no default. */
    private final Map<String, String> values = new HashMap<>(Map.of("DATA_DIR", "/data"));

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

    /** Protocol 12.7. */
    @Test
    void refusesToGiveTokensToAnyoneOnTheNetwork() {
        values.put("HTTP_HOST", "*");
        assertRefused("JWT_ISSUER must be set because HTTP_HOST is not localhost");
    }

    @Test
    void refusesARegionThatIsNoCountry() {
        values.put("DEFAULT_REGION", "XX");
        assertRefused("DEFAULT_REGION must be the code of a country, not \"XX\"");
        values.put("DEFAULT_REGION", "Germany");
        assertRefused("DEFAULT_REGION must be two letters such as DE (ISO 3166-1)");
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
        values.put("HTTP_PORT", "many");
        assertRefused("HTTP_PORT must be");
        values.put("HTTP_PORT", "9080");
        values.put("DB_KIND", "oracle");
        assertRefused("DB_KIND must be h2 or postgres");
        values.remove("DB_KIND");
        values.put("INSTANCE", "two words");
        assertRefused("INSTANCE must be");
        values.put("INSTANCE", "");
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

    @Test
    void keepsSpaceFreeForTheEmbeddedDatabaseOnly() {
        assertThat(reader().readDiskFloor().bytes()).isEqualTo(256L << 20);
        values.put("DISK_FREE_MIN", "0");
        assertThat(reader().readDiskFloor().bytes()).isZero();
        values.put("DISK_FREE_MIN", "1000");
        values.put("DB_KIND", "postgres");
        assertThat(reader().readDiskFloor().bytes()).isZero();
    }

    @Test
    void rehearsesWithADatabaseOfItsOwnOnlyIfAsked() {
        assertThat(reader().readRehearsalTime().most()).isZero();
        values.put("WARM_UP", "PT3S");
        assertThat(reader().readRehearsalTime().most()).isEqualTo(Duration.ofSeconds(3));
        values.remove("WARM_UP");
        values.put("DB_KIND", "postgres");
        assertThat(reader().readRehearsalTime().most()).isEqualTo(Duration.ofSeconds(20));
        values.put("WARM_UP", "PT3M");
        assertThatThrownBy(() -> reader().readRehearsalTime())
                .hasMessageContaining("WARM_UP must be a duration from PT0S to PT2M");
    }

    @Test
    void sharesItsNameWithNobodyWhenDatabaseAndBrokerAreShared() {
        values.put("INSTANCE", "a");
        assertThat(reader().readSharedInstance()).isEmpty();
        values.put("DB_KIND", "postgres");
        assertThat(reader().readSharedInstance()).isEmpty();
        values.put("BROKER_EMBEDDED", "false");
        assertThat(reader().readSharedInstance()).hasValue("a");
    }

    @Test
    void namesAllFaultsAtOnce() {
        values.putAll(Map.of(
                "DATA_DIR", "data",
                "DB_POOL", "abc",
                "SYNC_SESSIONS", "0",
                "HTTP_PORT", "",
                "UPLOAD_LEASE", "15m",
                "BROKER_TLS", "yes",
                "BROKER_HOSTS", "broker",
                "JWT_ALGORITHM", "none",
                "DB_KIND", "oracle\u001b[2J"));
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        WrongSettings.class,
                        wrong -> assertThat(wrong.faults())
                                .containsExactlyInAnyOrder(
                                        "DATA_DIR must be an absolute path without a semicolon, not \"data\"",
                                        "DB_POOL must be a whole number from 4 to 1000, not \"abc\"",
                                        "SYNC_SESSIONS must be a whole number from 1 to 256, not \"0\"",
                                        "HTTP_PORT must not be empty",
                                        "UPLOAD_LEASE must be a duration from PT1S to P1D, not \"15m\"",
                                        "BROKER_TLS must be true or false, not \"yes\"",
                                        "BROKER_HOSTS must be host:port[,host:port…], 8 at most, not \"broker\"",
                                        "JWT_ALGORITHM must be one of ES256, ES384, ES512, RS256, RS384 or RS512, not \"none\"",
                                        "DB_KIND must be h2 or postgres, not \"oracle?[2J\""));
    }

    @Test
    void needsADataDirectory() {
        values.remove("DATA_DIR");
        assertRefused("DATA_DIR must be set");
    }

    @Test
    void fetchesKeysEncryptedOrFromThisMachine() {
        issuer("https://issuer.example", "contact-sync", "http://issuer.example/keys");
        assertRefused("JWT_JWKS_URL must be an http or https address, http on this machine only");
        issuer("https://issuer.example", "contact-sync", "http://localhost.issuer.example/keys");
        assertRefused("JWT_JWKS_URL must be");
        issuer("https://issuer.example", "contact-sync", "http://[::1]:8080/keys");
        assertThat(read().issuer()).isInstanceOf(TokenIssuer.External.class);
    }

    @Test
    void refusesAnOpenBrokerBesideAnIssuer() {
        issuer("https://issuer.example", "contact-sync", "https://issuer.example/keys");
        values.put("BROKER_LOCAL_PORT", "61616");
        assertRefused("BROKER_LOCAL_PORT must not be set");
        values.remove("BROKER_LOCAL_PORT");
        values.put("BROKER_EMBEDDED", "false");
        assertRefused("BROKER_PASSWORD must be set");
        values.put("BROKER_PASSWORD", "contact-sync");
        assertRefused("BROKER_PASSWORD must be set");
        values.put("BROKER_PASSWORD", "");
        assertRefused("BROKER_PASSWORD must be set");
        values.put("BROKER_PASSWORD", "another one");
        assertThat(read().issuer()).isInstanceOf(TokenIssuer.External.class);
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
        return new SettingsReader(name -> Optional.ofNullable(values.get(name.name())));
    }
}
