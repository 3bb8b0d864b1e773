package org.contactsync.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.settings.SettingType.Count;
import org.contactsync.settings.SettingType.File;
import org.contactsync.settings.SettingType.Flag;
import org.contactsync.settings.SettingType.Key;
import org.contactsync.settings.SettingType.KeyAddress;
import org.contactsync.settings.SettingType.KeyId;
import org.contactsync.settings.SettingType.OneOf;
import org.contactsync.settings.SettingType.Secret;
import org.contactsync.settings.SettingType.StoreAddress;
import org.contactsync.settings.SettingType.Text;
import org.contactsync.settings.SettingType.Time;
import org.jspecify.annotations.Nullable;

/**
 * All settings: the name of the environment variable, the allowed values, the default and the meaning. A new setting needs
 * a line here, a row in {@code docs/operations.md} and a line in {@link SettingsReader}, which puts it where it is used.
 * Those that the server itself reads (pools, ports, the broker's address) are in {@code src/main/liberty/config} too, with
 * the same default; they are checked here, because the server silently uses its own default if one is wrong.
 */
enum Setting {
    HTTP_HOST(
            Text.of("[A-Za-z0-9.:_\\[\\]-]+|\\*", "a host name, an address or *"),
            "localhost",
            "address to listen on; `*` for all, which needs `JWT_ISSUER`"),
    HTTP_PORT(new Count(1, 65_535), "9080", "port to listen on"),
    HTTP_CONNECTIONS(
            new Count(100, 100_000),
            "12000",
            "largest number of client connections; further ones are closed at once. Each needs a file descriptor"),
    INSTANCE(
            Text.of("[A-Za-z0-9._-]{1,128}", "1 to 128 of A-Z a-z 0-9 . _ -"),
            "local",
            "name of this instance, and of its reply queue. No two running instances may share it"),
    DATA_DIR(
            new File(),
            null,
            "directory of the embedded database and the development key; with `mvn -Prun` it is `data` of the project"),
    DB_KIND(OneOf.of("h2", "postgres"), "h2", "H2 inside the service, or PostgreSQL"),
    DB_HOST(Text.of("[A-Za-z0-9.:_\\[\\]-]+", "a host name or an address"), "localhost", "PostgreSQL's host"),
    DB_PORT(new Count(1, 65_535), "5432", "PostgreSQL's port"),
    DB_NAME(Text.any("the name of a database"), "contact_sync", "PostgreSQL's database"),
    DB_USER(Text.any("the name of a user"), "contact_sync", "PostgreSQL's user"),
    DB_PASSWORD(new Secret(), "", "its password"),
    DB_TLS(
            new Flag(),
            "false",
            "TLS to PostgreSQL, whose certificate is checked and must name `DB_HOST` (`sslmode=verify-full`)"),
    DB_TRUST_CERTIFICATE(new File(), "", "PEM file with the certificates to trust; required with `DB_TLS`"),
    DB_POOL(
            new Count(4, 1_000),
            "48",
            "database connections of one instance; one more is used to check whether the database answers, and up to"
                    + " four at start to migrate the schema"),
    BROKER_EMBEDDED(
            new Flag(), "true", "broker inside the service; the settings of an external broker are then ignored"),
    BROKER_HOSTS(
            Text.of("[^:;=, ]+:[0-9]{1,5}(,[^:;=, ]+:[0-9]{1,5}){0,7}", "host:port[,host:port…], 8 at most"),
            "localhost:61616",
            "external broker and its backups"),
    BROKER_TLS(new Flag(), "false", "TLS to the external broker"),
    BROKER_TRUST_STORE(new File(), "", "PKCS#12 file with the certificates to trust; empty: those of the Java runtime"),
    BROKER_TRUST_STORE_PASSWORD(new Secret(), "", "its password"),
    BROKER_USER(Text.any("the name of a user"), "contact-sync", "user of the external broker"),
    BROKER_PASSWORD(new Secret(), "contact-sync", "its password; with `JWT_ISSUER` the default is refused"),
    BROKER_LOCAL_PORT(
            new Count(0, 65_535),
            "0",
            "for tests: opens the embedded broker, without users and passwords, on a loopback port; refused with `JWT_ISSUER`"),
    SYNC_SESSIONS(new Count(1, 256), "32", "messages that one instance processes at once"),
    STEPS_PER_COMMIT(
            new Count(1, StepsPerCommit.LIMIT),
            "32",
            "changes that wait and may share one transaction, of one user or of several; 1: each has its own"),
    WARM_UP(
            new Time(Duration.ZERO, Duration.ofMinutes(2)),
            "PT20S",
            "how long an instance rehearses before it is ready, with made-up changes, so that its code is compiled when the first"
                    + " clients come; `PT0S`: not at all, which is the default with H2"),
    JWT_ISSUER(
            Text.any("the iss of the tokens"),
            "",
            "`iss` of the accepted tokens. While it is not set, the service issues development tokens"),
    JWT_AUDIENCE(Text.any("what aud contains"), "", "what `aud` must contain; required with `JWT_ISSUER`"),
    JWT_JWKS_URL(new KeyAddress(), "", "address of the issuer's public keys; required with `JWT_ISSUER`"),
    JWT_ALGORITHM(
            OneOf.of("ES256", "ES384", "ES512", "RS256", "RS384", "RS512"), "RS256", "the only accepted algorithm"),
    TLS_TRUST_STORE(
            new File(),
            "",
            "PKCS#12 or JKS file with the certificates to trust when the issuer's keys are fetched; empty: those of the Java runtime"),
    TLS_TRUST_STORE_PASSWORD(new Secret(), "", "its password; required with `TLS_TRUST_STORE`"),
    ADMIN_GROUP(
            Text.any("the name of a group"),
            "contact-sync-admin",
            "what the claim `groups` of an operator's token contains"),
    CORS_ORIGINS(
            Text.of(
                    "https?://[A-Za-z0-9.\\[\\]:-]+(,https?://[A-Za-z0-9.\\[\\]:-]+){0,31}",
                    "origins like https://app.example.com, separated by commas, 32 at most"),
            "",
            "web pages of these origins may call the service; empty: none"),
    UPLOAD_LEASE(
            new Time(Duration.ofSeconds(1), Duration.ofDays(1)),
            "PT15M",
            "how long an upload keeps its place without a new chunk"),
    QUEUE_AGE(
            new Time(Duration.ofSeconds(1), Duration.ofDays(7)),
            "PT24H",
            "how long a task may wait for its turn before it ends as `expired`"),
    CHANGES_RETENTION(
            new Time(Duration.ofSeconds(1), Duration.ofDays(3_650)),
            "P30D",
            "how long deletions stay in the changes feed at least; a device that was away for longer compares with the digest tree"),
    HISTORY_RETENTION(
            new Time(Duration.ofSeconds(1), Duration.ofDays(3_650)),
            "P30D",
            "how long replaced and deleted contacts are kept, so that they can be restored"),
    RATE_PER_SECOND(
            new Count(1, 1_000_000),
            "500",
            "requests per second of one user that one instance accepts in the long run"),
    RATE_BURST(
            new Count(1, 1_000_000), "1000", "requests of one user that one instance accepts at once, after a pause"),
    EVENT_LISTENERS(
            new Count(0, 100_000),
            "10000",
            "clients that may listen to events (`GET /v1/events`) of one instance at once; further ones get 503. Each needs a"
                    + " connection, so it must be well below `HTTP_CONNECTIONS`"),
    EVENT_HEARTBEAT(
            new Time(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            "PT25S",
            "how long a stream of events may be silent before a comment is sent; shorter than the idle time of every proxy on the way"),
    BOOK_BYTES(
            new Count(4L * 1024 * 1024, 16L * 1024 * 1024 * 1024),
            "268435456",
            "canonical bytes of all cards of one book; what one user may have staged follows from it"),
    PHOTOS_BYTES(
            new Count(0, 1L << 40),
            "209715200",
            "bytes of all photos of one user; each counts 4096 more. 0: no photos are taken"),
    PHOTO_GRACE(
            new Time(Duration.ofSeconds(1), Duration.ofDays(3_650)),
            "P7D",
            "how long a photo stays that no contact refers to; a day or more, shorter only for tests"),
    PHOTOS_IN(
            OneOf.of("database", "s3"),
            "database",
            "where the bytes of new photos go. Those of earlier ones stay where they are"),
    S3_ENDPOINT(
            new StoreAddress(),
            "",
            "S3-compatible store of photos (`https://s3.example.com`), required with `PHOTOS_IN=s3`, and as long as a photo is there"),
    S3_BUCKET(
            Text.of("(?=.{3,63}$)(?!.*([.][.-]|-[.]))[a-z0-9][a-z0-9.-]*[a-z0-9]", "the name of a bucket"),
            "",
            "its bucket, which must exist; required with `S3_ENDPOINT`"),
    S3_REGION(Text.of("[a-z0-9-]{1,64}", "the name of a region"), "us-east-1", "its region, for the signature"),
    S3_PATH_STYLE(
            new Flag(), "true", "whether the bucket stands in the path of requests; otherwise before the host name"),
    S3_ACCESS_KEY(new KeyId(), "", "the id of the access key; required with `S3_ENDPOINT`"),
    S3_SECRET_KEY(new Key(), "", "its secret; required with `S3_ENDPOINT`"),
    S3_HTTP(
            new Flag(),
            "false",
            "whether the store may be asked over http, without TLS; on this machine it always may"),
    S3_TRUST_CERTIFICATE(
            new File(), "", "PEM file with the certificates to trust for the store; empty: those of the Java runtime"),
    DISK_FREE_MIN(
            new Count(0, 1L << 40),
            "268435456",
            "with `DB_KIND=h2`: bytes that stay free on the disk of `DATA_DIR`. With fewer, changes are refused. 0: they never are"),
    SCRUB_RATE(
            new Count(0, 100_000_000),
            "12000",
            "contacts per minute that the background check of all books compares at most, in all instances together. 0: no check"),
    SCRUB_PERIOD(
            new Time(Duration.ofSeconds(1), Duration.ofDays(3_650)),
            "P14D",
            "time between the starts of two such checks of all books; a check that takes longer is followed by the next one at once"),
    WEBHOOK_ENDPOINTS(
            new File(),
            "",
            "JSON file of the systems that are told of changes, with their secrets (`docs/webhooks.md`); empty: none"),
    WEBHOOK_HOSTS(
            Text.of(
                    "[a-z0-9.\\[\\]:-]+(,[a-z0-9.\\[\\]:-]+){0,31}",
                    "host or host:port in lower case, separated by commas, 32 at most"),
            "",
            "hosts to which webhooks may be sent; without a port, the default port of the scheme. A URL with another host is refused at start"),
    WEBHOOK_NETWORKS(
            Text.of(
                    "[0-9a-fA-F.:]+/[0-9]{1,3}(,[0-9a-fA-F.:]+/[0-9]{1,3}){0,31}",
                    "networks like 10.20.0.0/16, separated by commas, 32 at most"),
            "",
            "private networks to which webhooks may be sent; without it, only public addresses"),
    WEBHOOK_HTTP(new Flag(), "false", "whether webhooks may be sent over http, without TLS"),
    WEBHOOK_TRUST_CERTIFICATE(
            new File(), "", "PEM file with the certificates that webhooks trust; empty: those of the Java runtime"),
    WEBHOOK_DEAD_AFTER(
            new Time(Duration.ofSeconds(1), Duration.ofDays(30)),
            "P3D",
            "how long a delivery that fails is tried again before it is dead, and later ones of its book go on"),
    DEFAULT_REGION(
            Text.of("[A-Z]{2}", "two letters such as DE (ISO 3166-1)"),
            "",
            "country whose national phone numbers are looked up where neither the request nor the token names a region; empty: none"),
    BLOCK_LIST(
            new File(),
            "",
            "file with the phone numbers that look-ups report as blocked for all users, one a line; empty: none"),
    WEB_CLIENT_ID(
            Text.of("[!-~]{1,255}", "1 to 255 printable ASCII characters"),
            "",
            "`client_id` of the web page at `/`, a public client of the issuer with PKCE; empty: the page asks for a token");

    private final SettingType type;
    private final @Nullable String otherwise;
    private final String meaning;

    /**
     * @param otherwise the value if it is not set; empty: none; null: it must be set
     * @param meaning for the documentation
     */
    Setting(SettingType type, @Nullable String otherwise, String meaning) {
        this.type = type;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    SettingType type() {
        return type;
    }

    /** The value if it is not set; an empty text if it then has none; empty if it must be set. */
    Optional<String> otherwise() {
        return Optional.ofNullable(otherwise);
    }

    String meaning() {
        return meaning;
    }

    /** The server's name for it: {@code http.port}. */
    String variable() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
