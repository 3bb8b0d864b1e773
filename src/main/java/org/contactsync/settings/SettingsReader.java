package org.contactsync.settings;

import static org.contactsync.settings.Setting.ADMIN_GROUP;
import static org.contactsync.settings.Setting.BLOCK_LIST;
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
import static org.contactsync.settings.Setting.DEFAULT_REGION;
import static org.contactsync.settings.Setting.DISK_FREE_MIN;
import static org.contactsync.settings.Setting.EVENT_HEARTBEAT;
import static org.contactsync.settings.Setting.EVENT_LISTENERS;
import static org.contactsync.settings.Setting.HISTORY_RETENTION;
import static org.contactsync.settings.Setting.HTTP_HOST;
import static org.contactsync.settings.Setting.HTTP_PORT;
import static org.contactsync.settings.Setting.INSTANCE;
import static org.contactsync.settings.Setting.JWT_ALGORITHM;
import static org.contactsync.settings.Setting.JWT_AUDIENCE;
import static org.contactsync.settings.Setting.JWT_ISSUER;
import static org.contactsync.settings.Setting.JWT_JWKS_URL;
import static org.contactsync.settings.Setting.PHOTOS_BYTES;
import static org.contactsync.settings.Setting.PHOTO_GRACE;
import static org.contactsync.settings.Setting.QUEUE_AGE;
import static org.contactsync.settings.Setting.RATE_BURST;
import static org.contactsync.settings.Setting.RATE_PER_SECOND;
import static org.contactsync.settings.Setting.SCRUB_PERIOD;
import static org.contactsync.settings.Setting.SCRUB_RATE;
import static org.contactsync.settings.Setting.STEPS_PER_COMMIT;
import static org.contactsync.settings.Setting.TLS_TRUST_STORE;
import static org.contactsync.settings.Setting.TLS_TRUST_STORE_PASSWORD;
import static org.contactsync.settings.Setting.UPLOAD_LEASE;
import static org.contactsync.settings.Setting.WARM_UP;
import static org.contactsync.settings.Setting.WEBHOOK_DEAD_AFTER;
import static org.contactsync.settings.Setting.WEBHOOK_ENDPOINTS;
import static org.contactsync.settings.Setting.WEBHOOK_HOSTS;
import static org.contactsync.settings.Setting.WEBHOOK_HTTP;
import static org.contactsync.settings.Setting.WEBHOOK_NETWORKS;
import static org.contactsync.settings.Setting.WEBHOOK_TRUST_CERTIFICATE;
import static org.contactsync.settings.Setting.WEB_CLIENT_ID;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.contactsync.protocol.Limits;
import org.contactsync.settings.TokenIssuer.TrustStore;

/** Creates {@link Settings} and {@link Limits} from named values. One thread at a time. */
final class SettingsReader {
    private final SettingValues values;

    /** @param texts the values that are set: empty if a setting is not set; may be an empty text */
    SettingsReader(Function<Setting, Optional<String>> texts) {
        values = new SettingValues(texts);
        checkIssuer();
        ObjectStoreReader.check(values);
        if (values.isSet(DEFAULT_REGION) && !Set.of(Locale.getISOCountries()).contains(values.text(DEFAULT_REGION))) {
            values.addFault(
                    DEFAULT_REGION, "must be the code of a country, not \"" + values.text(DEFAULT_REGION) + "\"");
        }
        if (values.flag(DB_TLS) && values.right(DB_TRUST_CERTIFICATE) && !values.isSet(DB_TRUST_CERTIFICATE)) {
            values.addFault(DB_TRUST_CERTIFICATE, "must be set because DB_TLS is true");
        }
        try {
            Network.parseAll(values.text(WEBHOOK_NETWORKS));
        } catch (IllegalArgumentException e) {
            values.addFault(WEBHOOK_NETWORKS, "must be networks like 10.20.0.0/16: " + e.getMessage());
        }
    }

    /** All values, with the faults that were found. */
    SettingValues values() {
        return values;
    }

    /**
     * Reads the settings that the code needs.
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
                !values.flag(BROKER_EMBEDDED) || values.count(BROKER_LOCAL_PORT) != 0,
                issuer(),
                values.text(ADMIN_GROUP));
    }

    /**
     * Reads the protocol's limits, including those that an operator has set.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    Limits readLimits() {
        refuseFaults();
        return Limits.DEFAULTS
                .withUploadLease(values.time(UPLOAD_LEASE))
                .withQueueAge(values.time(QUEUE_AGE))
                .withBookBytes(values.bytes(BOOK_BYTES))
                .withChangesRetention(values.time(CHANGES_RETENTION))
                .withHistoryRetention(values.time(HISTORY_RETENTION))
                .withPhotos(values.bytes(PHOTOS_BYTES), values.time(PHOTO_GRACE));
    }

    /**
     * Reads the rate limit per user.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    RequestRate readRequestRate() {
        refuseFaults();
        return new RequestRate(values.count(RATE_PER_SECOND), values.count(RATE_BURST));
    }

    /** Reads how many changes of one user may share a transaction. */
    StepsPerCommit readStepsPerCommit() {
        refuseFaults();
        return new StepsPerCommit(values.count(STEPS_PER_COMMIT));
    }

    /** Reads how long the instance rehearses. One with its own database is tried out, and somebody waits for its start. */
    RehearsalTime readRehearsalTime() {
        refuseFaults();
        boolean wanted = values.isSet(WARM_UP) || "postgres".equals(values.text(DB_KIND));
        return new RehearsalTime(wanted ? values.time(WARM_UP) : Duration.ZERO);
    }

    /**
     * Reads how fast books are scrubbed.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    ScrubPace readScrubPace() {
        refuseFaults();
        return new ScrubPace(values.count(SCRUB_RATE), values.time(SCRUB_PERIOD));
    }

    /** Reads how contacts are looked up. */
    LookupOptions readLookupOptions() {
        refuseFaults();
        return new LookupOptions(
                values.isSet(DEFAULT_REGION) ? Optional.of(values.text(DEFAULT_REGION)) : Optional.empty(),
                values.file(BLOCK_LIST));
    }

    /** Reads what the web page needs. */
    PageOptions readPageOptions() {
        refuseFaults();
        return new PageOptions(
                values.isSet(WEB_CLIENT_ID) ? Optional.of(values.text(WEB_CLIENT_ID)) : Optional.empty());
    }

    /**
     * Reads how many clients may listen to events.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    EventBounds readEventBounds() {
        refuseFaults();
        return new EventBounds(values.count(EVENT_LISTENERS), values.time(EVENT_HEARTBEAT));
    }

    /**
     * Reads which systems are told of changes, with their file.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    WebhookSettings readWebhooks() {
        refuseFaults();
        try {
            return new WebhookSettings(
                    endpoints(values),
                    Network.parseAll(values.text(WEBHOOK_NETWORKS)),
                    values.file(WEBHOOK_TRUST_CERTIFICATE),
                    values.time(WEBHOOK_DEAD_AFTER),
                    values.time(HISTORY_RETENTION));
        } catch (IOException | IllegalArgumentException e) {
            // Seen at start by Surroundings; the file has changed since.
            throw new WrongSettings(List.of(WEBHOOK_ENDPOINTS + " cannot be read"));
        }
    }

    /** @throws IllegalArgumentException with what is wrong in the file */
    static List<WebhookSettings.Endpoint> endpoints(SettingValues values) throws IOException {
        Optional<Path> file = values.file(WEBHOOK_ENDPOINTS);
        Set<String> hosts = new HashSet<>(List.of(values.text(WEBHOOK_HOSTS).split(",")));
        return file.isEmpty() ? List.of() : new WebhookFile(hosts, values.flag(WEBHOOK_HTTP)).read(file.get());
    }

    /**
     * Reads the allowed origins of web clients.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    CorsOrigins readCorsOrigins() {
        refuseFaults();
        String origins = values.text(CORS_ORIGINS);
        return new CorsOrigins(origins.isEmpty() ? Set.of() : new HashSet<>(List.of(origins.split(","))));
    }

    /**
     * Reads how much of the embedded database's disk must stay free.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    DiskFloor readDiskFloor() {
        refuseFaults();
        boolean embedded = !"postgres".equals(values.text(DB_KIND));
        return new DiskFloor(values.file(DATA_DIR).orElseThrow(), embedded ? values.bytes(DISK_FREE_MIN) : 0);
    }

    /**
     * Reads the name that no other running process may have; empty if the process shares nothing with others.
     *
     * @throws WrongSettings with every variable that is missing or wrong, and what it must be
     */
    Optional<String> readSharedInstance() {
        refuseFaults();
        boolean shares = "postgres".equals(values.text(DB_KIND)) && !values.flag(BROKER_EMBEDDED);
        return shares ? Optional.of(values.text(INSTANCE)) : Optional.empty();
    }

    private void refuseFaults() {
        if (!values.faults().isEmpty()) {
            throw new WrongSettings(values.faults());
        }
    }

    private void checkIssuer() {
        if (!values.isSet(JWT_ISSUER)) {
            if (values.right(JWT_ISSUER) && (values.isSet(JWT_JWKS_URL) || values.isSet(JWT_AUDIENCE))) {
                values.addFault(JWT_ISSUER, "must be set because JWT_JWKS_URL or JWT_AUDIENCE is set");
            } else if (values.right(JWT_ISSUER, HTTP_HOST) && !Loopback.is(values.text(HTTP_HOST))) {
                values.addFault(
                        JWT_ISSUER,
                        "must be set because HTTP_HOST is not localhost: without it anyone can act as any user");
            }
            return;
        }
        if (TokenIssuer.DEVELOPMENT_NAME.equals(values.text(JWT_ISSUER))) {
            values.addFault(JWT_ISSUER, "must be the iss of the tokens, not \"" + TokenIssuer.DEVELOPMENT_NAME + "\"");
        }
        for (Setting needed : new Setting[] {JWT_AUDIENCE, JWT_JWKS_URL}) {
            if (values.right(needed) && !values.isSet(needed)) {
                values.addFault(needed, "must be set because JWT_ISSUER is set");
            }
        }
        if (values.isSet(TLS_TRUST_STORE) && !values.isSet(TLS_TRUST_STORE_PASSWORD)) {
            values.addFault(TLS_TRUST_STORE_PASSWORD, "must be set because TLS_TRUST_STORE is set");
        }
        checkBrokerOfProduction();
    }

    /** A service with an issuer has real users: nobody else may send work to its broker. */
    private void checkBrokerOfProduction() {
        if (values.right(BROKER_LOCAL_PORT) && values.count(BROKER_LOCAL_PORT) != 0) {
            values.addFault(
                    BROKER_LOCAL_PORT,
                    "must not be set together with JWT_ISSUER: it opens the broker without a password");
        }
        boolean known = BROKER_PASSWORD.otherwise().orElse("").equals(values.text(BROKER_PASSWORD));
        if (values.right(BROKER_EMBEDDED)
                && !values.flag(BROKER_EMBEDDED)
                && (known || values.text(BROKER_PASSWORD).isEmpty())) {
            values.addFault(
                    BROKER_PASSWORD, "must be set to a password other than the default because JWT_ISSUER is set");
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
