package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import org.contactsync.store.schema.DatabaseDoor;
import org.contactsync.store.schema.DatabaseRefuses;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What {@code DB_TLS} and {@code DB_TRUST_CERTIFICATE} mean to a real PostgreSQL, with the driver's settings of the server. */
class PostgresTlsIT {
    private static final String PASSWORD = "only-for-tests";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    private static Path trusted;
    private static Path another;

    @BeforeAll
    static void start() throws Exception {
        trusted = certificate("server");
        another = certificate("another");
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", trusted.toString())
                .setServerConfig("ssl_key_file", directory.resolve("server.key").toString())
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void speaksTlsWithTheServerItTrusts() throws Exception {
        PGSimpleDataSource source = source("localhost", trusted);
        new DatabaseDoor(source, PATIENCE).await();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select ssl from pg_stat_ssl where pid = pg_backend_pid()")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getBoolean(1)).isTrue();
        }
    }

    @Test
    void refusesACertificateThatItDoesNotTrust() {
        assertRefused(source("localhost", another));
    }

    @Test
    void refusesACertificateOfAnotherHost() {
        assertRefused(source("127.0.0.1", trusted));
    }

    private static void assertRefused(PGSimpleDataSource source) {
        long begin = System.nanoTime();
        assertThatThrownBy(() -> new DatabaseDoor(source, Duration.ofMinutes(2)).await())
                .isInstanceOf(DatabaseRefuses.class)
                .hasMessageContaining("DB_TRUST_CERTIFICATE");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
    }

    private static PGSimpleDataSource source(String host, Path root) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setPortNumbers(new int[] {postgres.getPort()});
        source.setDatabaseName("postgres");
        source.setUser("postgres");
        source.setSslMode("verify-full");
        source.setSslRootCert(root.toString());
        return source;
    }

    /** Makes a key and a certificate for {@code localhost}; returns the certificate's PEM file, the key's is beside it. */
    private static Path certificate(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-ext",
                        "BC=ca:true",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        pem(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
        return pem(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
    }

    private static Path pem(String file, String kind, byte[] bytes) throws IOException {
        Path written = directory.resolve(file);
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(written, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
        return written;
    }
}
