package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.TestDatabase;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a start that cannot succeed, and of one that does. */
class StartIT {
    private static final String LAST_LINE = "All settings are described in docs/operations.md.";

    /** Of the server's log: what is wrong, or looks so. */
    private static final Pattern NOT_HEALTHY = Pattern.compile(
            "\\[(WARNING|ERROR|FATAL|SEVERE) *\\]|FFDC|Exception|^\\s+at |[A-Z]{4,5}[0-9]{4}[WE]:|VM warning");

    /** The server's report of what J2CA0081E says, which is hidden with a reason (service.xml). It cannot be turned off alone. */
    private static final String OF_THE_POOL = "ManagedConnection already destroyed com.ibm.ejs.j2c";

    @TempDir
    private Path directory;

    @Test
    void namesAllThatIsWrongInItsLastLines() throws Exception {
        // The settings that it has are wrong for either database: once is enough.
        Assumptions.assumeTrue(TestDatabase.kind().equals("h2"));
        Path file = Files.createFile(directory.resolve("file"));
        LibertyServer server = LibertyServer.in(directory.resolve("server"))
                .with("DATA_DIR", file.resolve("data").toString())
                .with("DB_KIND", "oracle")
                .with("DB_POOL", "abc")
                .with("SYNC_SESSIONS", "0")
                .with("INSTANCE", "")
                .with("UPLOAD_LEASE", "15m")
                .with("JWT_ISSUER", "https://issuer.example")
                .with("JWT_JWKS_URL", "http://issuer.example/keys")
                .with("BROKER_LOCAL_PORT", "61616")
                .with("TLS_TRUST_STORE", file.toString())
                .with("TLS_TRUST_STORE_PASSWORD", "secret-word");
        assertThat(server.runToItsEnd()).isEqualTo(1);
        assertThat(block(server.log()))
                .anyMatch(line -> line.contains("DATA_DIR cannot be created or written"))
                .anyMatch(line -> line.contains("DB_KIND must be h2 or postgres, not \"oracle\""))
                .anyMatch(line -> line.contains("DB_POOL must be a whole number"))
                .anyMatch(line -> line.contains("SYNC_SESSIONS must be"))
                .anyMatch(line -> line.contains("INSTANCE must not be empty"))
                .anyMatch(line -> line.contains("UPLOAD_LEASE must be a duration from PT1S to P1D, not \"15m\""))
                .anyMatch(line -> line.contains("JWT_AUDIENCE must be set"))
                .anyMatch(line -> line.contains("JWT_JWKS_URL must be"))
                .anyMatch(line -> line.contains("BROKER_LOCAL_PORT must not be set"))
                .anyMatch(line -> line.contains("TLS_TRUST_STORE cannot be read"))
                .noneMatch(line -> line.contains("secret-word"));
        assertThat(Files.readString(server.log())).doesNotContain("contact-sync is ready");
    }

    /** The second one is refused its port and, where the database is a file, its data; the first one is not disturbed. */
    @Test
    void startsAndStopsWithoutAWarningAndKeepsASecondOneAway() throws Exception {
        LibertyServer server = LibertyServer.in(directory.resolve("first")).withDatabase("start");
        try (server) {
            server.start();
            LibertyServer second = LibertyServer.in(directory.resolve("second"))
                    .with("DATA_DIR", server.data().toString())
                    .with("HTTP_PORT", Integer.toString(server.port()));
            assertThat(second.runToItsEnd()).isEqualTo(1);
            assertThat(block(second.log()))
                    .anyMatch(line -> line.contains("HTTP_PORT cannot be opened"))
                    .satisfies(lines -> assertThat(lines.stream().anyMatch(line -> line.contains("DATA_DIR is in use")))
                            .isEqualTo(TestDatabase.kind().equals("h2")));
            assertThat(server.ready()).isTrue();
            server.stop();
        }
        List<String> log = Files.readAllLines(server.log());
        assertThat(log)
                .filteredOn(line -> NOT_HEALTHY.matcher(line).find() && !line.contains(OF_THE_POOL))
                .isEmpty();
        assertThat(log)
                .filteredOn(line -> line.contains("contact-sync is ready"))
                .hasSize(1);
        assertThat(position(log, "CWWKO0219I"))
                .as("listens before it says so")
                .isLessThan(position(log, "contact-sync is ready"));
    }

    /** It does not wait for a user or a password to become right. */
    @Test
    void endsAtOnceWhenTheDatabaseRefuses() throws Exception {
        Assumptions.assumeTrue(TestDatabase.kind().equals("postgres"));
        LibertyServer server = LibertyServer.in(directory.resolve("refused")).with("DB_USER", "nobody");
        assertThat(server.runToItsEnd()).isEqualTo(1);
        assertThat(block(server.log()))
                .anyMatch(line -> line.contains("the database refuses: DB_USER may not connect"));
        assertThat(Files.readString(server.log())).doesNotContain("does not answer yet");
    }

    private static List<String> block(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).last().isEqualTo(LAST_LINE);
        return lines.subList(position(lines, "contact-sync does not start"), lines.size());
    }

    private static int position(List<String> lines, String text) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i;
            }
        }
        throw new AssertionError("no line has " + text);
    }
}
