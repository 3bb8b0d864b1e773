package org.contactsync.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.contactsync.protocol.Limits;
import org.contactsync.settings.TokenIssuer.TrustStore;

/** Makes {@link Settings} of named values; immutable. */
final class SettingsReader {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private final Function<String, Optional<String>> values;

    /** @param values the value of a name, e.g. {@code http.port} or {@code JWT_ISSUER} */
    SettingsReader(Function<String, Optional<String>> values) {
        this.values = values;
    }

    /**
     * Reads and checks all settings.
     *
     * @throws IllegalArgumentException with the variable's name and what it must be
     */
    Settings read() {
        String host = required("http.host");
        return new Settings(
                URI.create("http://" + ("*".equals(host) ? "localhost" : host) + ":" + port()),
                Path.of(required("data.dir")).toAbsolutePath().normalize(),
                database(),
                required("instance"),
                issuer());
    }

    /**
     * The protocol's limits, with {@code UPLOAD_LEASE} and {@code QUEUE_AGE} when they are set.
     *
     * @throws IllegalArgumentException when one is not an ISO 8601 duration between a second and a day, or a week
     */
    Limits readLimits() {
        return Limits.DEFAULTS
                .withUploadLease(duration("UPLOAD_LEASE", Duration.ofDays(1), Limits.DEFAULTS.uploadLease()))
                .withQueueAge(duration("QUEUE_AGE", Duration.ofDays(7), Limits.DEFAULTS.queueAge()));
    }

    private Duration duration(String name, Duration most, Duration otherwise) {
        Optional<String> text = values.apply(name);
        return text.isEmpty() ? otherwise : duration(name, text.get(), most);
    }

    private static Duration duration(String name, String text, Duration most) {
        String expected = name + " must be a duration between PT1S and P" + most.toDays() + "D, not " + text;
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException(expected);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    private int port() {
        String port = required("http.port");
        if (!port.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("HTTP_PORT must be a port number, not " + port);
        }
        return Integer.parseInt(port);
    }

    private DatabaseKind database() {
        String kind = values.apply("DB_KIND").orElse("h2");
        return switch (kind) {
            case "h2" -> DatabaseKind.H2;
            case "postgres" -> DatabaseKind.POSTGRES;
            default -> throw new IllegalArgumentException("DB_KIND must be h2 or postgres, not " + kind);
        };
    }

    private TokenIssuer issuer() {
        Optional<String> name = set("JWT_ISSUER");
        Optional<String> keys = set("JWT_JWKS_URL");
        Optional<String> audience = set("JWT_AUDIENCE");
        if (name.isEmpty()) {
            if (keys.isPresent() || audience.isPresent()) {
                throw new IllegalArgumentException("JWT_ISSUER must be set when JWT_JWKS_URL or JWT_AUDIENCE is");
            }
            if (!LOOPBACK.contains(required("http.host"))) {
                throw new IllegalArgumentException(
                        "JWT_ISSUER must be set when HTTP_HOST is not localhost: without it anyone can be any user");
            }
            return new TokenIssuer.Development();
        }
        return new TokenIssuer.External(
                name.get(),
                audience.orElseThrow(() -> mustBeSet("JWT_AUDIENCE", "JWT_ISSUER")),
                address("JWT_JWKS_URL", keys.orElseThrow(() -> mustBeSet("JWT_JWKS_URL", "JWT_ISSUER"))),
                set("JWT_ALGORITHM").orElse("RS256"),
                trustStore());
    }

    private Optional<TrustStore> trustStore() {
        return set("TLS_TRUST_STORE")
                .map(file -> new TrustStore(
                        Path.of(file),
                        set("TLS_TRUST_STORE_PASSWORD")
                                .orElseThrow(() -> mustBeSet("TLS_TRUST_STORE_PASSWORD", "TLS_TRUST_STORE"))));
    }

    private static URI address(String name, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name + " must be an http or https address, not " + text, e);
        }
    }

    private static IllegalArgumentException mustBeSet(String name, String when) {
        return new IllegalArgumentException(name + " must be set when " + when + " is");
    }

    private Optional<String> set(String name) {
        return values.apply(name).filter(value -> !value.isBlank());
    }

    private String required(String name) {
        return set(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        name.toUpperCase(Locale.ROOT).replace('.', '_') + " must not be empty"));
    }
}
