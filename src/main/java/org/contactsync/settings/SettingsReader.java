package org.contactsync.settings;

import static org.contactsync.settings.Setting.ADMIN_GROUP;
import static org.contactsync.settings.Setting.BOOK_BYTES;
import static org.contactsync.settings.Setting.BROKER_EMBEDDED;
import static org.contactsync.settings.Setting.BROKER_LOCAL_PORT;
import static org.contactsync.settings.Setting.BROKER_PASSWORD;
import static org.contactsync.settings.Setting.CHANGES_RETENTION;
import static org.contactsync.settings.Setting.CORS_ORIGINS;
import static org.contactsync.settings.Setting.DATA_DIR;
import static org.contactsync.settings.Setting.DB_KIND;
import static org.contactsync.settings.Setting.DB_TLS;
import static org.contactsync.settings.Setting.DB_TRUST_CERTIFICATE;
import static org.contactsync.settings.Setting.HTTP_HOST;
import static org.contactsync.settings.Setting.HTTP_PORT;
import static org.contactsync.settings.Setting.INSTANCE;
import static org.contactsync.settings.Setting.JWT_ALGORITHM;
import static org.contactsync.settings.Setting.JWT_AUDIENCE;
import static org.contactsync.settings.Setting.JWT_ISSUER;
import static org.contactsync.settings.Setting.JWT_JWKS_URL;
import static org.contactsync.settings.Setting.QUEUE_AGE;
import static org.contactsync.settings.Setting.RATE_BURST;
import static org.contactsync.settings.Setting.RATE_PER_SECOND;
import static org.contactsync.settings.Setting.TLS_TRUST_STORE;
import static org.contactsync.settings.Setting.TLS_TRUST_STORE_PASSWORD;
import static org.contactsync.settings.Setting.UPLOAD_LEASE;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.contactsync.protocol.Limits;
import org.contactsync.settings.TokenIssuer.TrustStore;

/** Creates {@link Settings} and {@link Limits} from named values. One thread at a time. */
final class SettingsReader {
    private final SettingValues values;

    /** @param texts what is set: empty when a setting is not, also an empty text */
    SettingsReader(Function<Setting, Optional<String>> texts) {
        values = new SettingValues(texts);
        checkIssuer();
        if (values.flag(DB_TLS) && values.right(DB_TRUST_CERTIFICATE) && !values.isSet(DB_TRUST_CERTIFICATE)) {
            values.wrong(DB_TRUST_CERTIFICATE, "must be set because DB_TLS is true");
        }
    }

    /** The values one by one, with all the faults that were found. */
    SettingValues values() {
        return values;
    }

    /**
     * What the code needs to know.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    Settings read() {
        refuseFaults();
        String host = values.text(HTTP_HOST);
        return new Settings(
                URI.create("http://" + ("*".equals(host) ? "localhost" : host) + ":" + values.count(HTTP_PORT)),
                values.file(DATA_DIR).orElseThrow(),
                "postgres".equals(values.text(DB_KIND)) ? DatabaseKind.POSTGRES : DatabaseKind.H2,
                values.text(INSTANCE),
                issuer(),
                values.text(ADMIN_GROUP));
    }

    /**
     * The protocol's limits, with what an operator has set.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    Limits readLimits() {
        refuseFaults();
        return Limits.DEFAULTS
                .withUploadLease(values.time(UPLOAD_LEASE))
                .withQueueAge(values.time(QUEUE_AGE))
                .withBookBytes(values.bytes(BOOK_BYTES))
                .withChangesRetention(values.time(CHANGES_RETENTION));
    }

    /**
     * How many requests a user may send.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    RequestRate readRequestRate() {
        refuseFaults();
        return new RequestRate(values.count(RATE_PER_SECOND), values.count(RATE_BURST));
    }

    /**
     * The origins of web clients.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    CorsOrigins readCorsOrigins() {
        refuseFaults();
        String origins = values.text(CORS_ORIGINS);
        return new CorsOrigins(origins.isEmpty() ? Set.of() : new HashSet<>(List.of(origins.split(","))));
    }

    private void refuseFaults() {
        if (!values.faults().isEmpty()) {
            throw new WrongSettings(values.faults());
        }
    }

    private void checkIssuer() {
        if (!values.isSet(JWT_ISSUER)) {
            if (values.right(JWT_ISSUER) && (values.isSet(JWT_JWKS_URL) || values.isSet(JWT_AUDIENCE))) {
                values.wrong(JWT_ISSUER, "must be set because JWT_JWKS_URL or JWT_AUDIENCE is set");
            } else if (values.right(JWT_ISSUER, HTTP_HOST) && !Loopback.is(values.text(HTTP_HOST))) {
                values.wrong(
                        JWT_ISSUER,
                        "must be set because HTTP_HOST is not localhost: without it anyone can act as any user");
            }
            return;
        }
        if (TokenIssuer.DEVELOPMENT_NAME.equals(values.text(JWT_ISSUER))) {
            values.wrong(JWT_ISSUER, "must be the iss of the tokens, not \"" + TokenIssuer.DEVELOPMENT_NAME + "\"");
        }
        for (Setting needed : new Setting[] {JWT_AUDIENCE, JWT_JWKS_URL}) {
            if (values.right(needed) && !values.isSet(needed)) {
                values.wrong(needed, "must be set because JWT_ISSUER is set");
            }
        }
        if (values.isSet(TLS_TRUST_STORE) && !values.isSet(TLS_TRUST_STORE_PASSWORD)) {
            values.wrong(TLS_TRUST_STORE_PASSWORD, "must be set because TLS_TRUST_STORE is set");
        }
        checkBrokerOfProduction();
    }

    /** Who has an issuer has users: nobody else may send work to the broker. */
    private void checkBrokerOfProduction() {
        if (values.right(BROKER_LOCAL_PORT) && values.count(BROKER_LOCAL_PORT) != 0) {
            values.wrong(
                    BROKER_LOCAL_PORT,
                    "must not be set together with JWT_ISSUER: it opens the broker without a password");
        }
        boolean known = BROKER_PASSWORD.otherwise().orElse("").equals(values.text(BROKER_PASSWORD));
        if (values.right(BROKER_EMBEDDED)
                && !values.flag(BROKER_EMBEDDED)
                && (known || values.text(BROKER_PASSWORD).isEmpty())) {
            values.wrong(BROKER_PASSWORD, "must be set to a password other than the default because JWT_ISSUER is set");
        }
    }

    private TokenIssuer issuer() {
        if (!values.isSet(JWT_ISSUER)) {
            return new TokenIssuer.Development();
        }
        Optional<Path> store = values.file(TLS_TRUST_STORE);
        return new TokenIssuer.External(
                values.text(JWT_ISSUER),
                values.text(JWT_AUDIENCE),
                values.address(JWT_JWKS_URL).orElseThrow(),
                values.text(JWT_ALGORITHM),
                store.map(file -> new TrustStore(file, values.text(TLS_TRUST_STORE_PASSWORD))));
    }
}
