package org.contactsync.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit has files of its own, and they are bounded. */
class AuditFileTest {
    private static final System.Logger AUDIT = System.getLogger(AuditFile.LOGGER);

    @TempDir
    private Path directory;

    @BeforeEach
    void isNotShownOnTheConsole() {
        Logger.getLogger(AuditFile.LOGGER).setUseParentHandlers(false);
    }

    @AfterEach
    void isShownAgain() {
        Logger.getLogger(AuditFile.LOGGER).setUseParentHandlers(true);
    }

    @Test
    void keepsLinesOverRestarts() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (AuditFile file = AuditFile.open(directory.resolve("audit"))) {
                AUDIT.log(Level.INFO, "admin action={0} task={1}", "retry", i);
            }
        }

        assertThat(Files.readAllLines(directory.resolve("audit/audit.0.log")))
                .satisfiesExactly(
                        line -> assertThat(line).matches("\\S+Z admin action=retry task=0"),
                        line -> assertThat(line).matches("\\S+Z admin action=retry task=1"));
    }

    /** A switch makes many of them: they must displace neither what operators did nor the rest of the log. */
    @Test
    void keepsLookupsInFilesOfTheirOwn() throws IOException {
        try (AuditFile audit = AuditFile.open(directory);
                AuditFile lookups = AuditFile.openLookups(directory)) {
            System.getLogger(AuditFile.LOOKUPS).log(Level.INFO, "admin action=lookup numbers={0}", 2);
        }

        assertThat(Files.readString(directory.resolve("lookups.0.log"))).contains("admin action=lookup numbers=2");
        assertThat(Files.readString(directory.resolve("audit.0.log"))).isEmpty();
        assertThat(Logger.getLogger(AuditFile.LOOKUPS).getUseParentHandlers()).isFalse();
    }

    @Test
    void keepsABoundedNumberOfFiles() throws IOException {
        String filler = "x".repeat(500);
        try (AuditFile file = AuditFile.open(directory, 5_000)) {
            for (int i = 0; i < 150; i++) {
                AUDIT.log(Level.INFO, "{0} {1}", i, filler);
            }
        }

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(each -> each.toString().endsWith(".log"))).hasSize(10);
        }
        // The next file is begun as soon as one is full.
        assertThat(Files.readString(directory.resolve("audit.0.log"))
                        + Files.readString(directory.resolve("audit.1.log")))
                .contains(" 149 x");
    }
}
