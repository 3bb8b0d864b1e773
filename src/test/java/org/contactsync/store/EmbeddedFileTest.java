package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that nobody writes costs a look at its time. */
class EmbeddedFileTest {
    @TempDir
    private Path directory;

    private volatile Instant now = Instant.now();

    @Test
    void opensNoDatabaseThatNobodyWrites() throws Exception {
        EmbeddedFile embedded = made();
        FileTime written;
        try (Connection open = DriverManager.getConnection(url() + ";WRITE_DELAY=0", "sa", "");
                Statement statement = open.createStatement()) {
            statement.execute("create table another(id int primary key)");
            written = Files.getLastModifiedTime(file());
            now = written.toInstant().plus(EmbeddedFile.OLD_ENOUGH).plusSeconds(1);
            assertThat(embedded.compact()).isFalse();
        }

        // Whoever opens this as a database fails.
        replaceByAnother(written);

        assertThat(embedded.compact()).isFalse();
        replaceByAnother(FileTime.from(written.toInstant().plusSeconds(1)));
        assertThatThrownBy(embedded::compact).isInstanceOf(SQLException.class);
    }

    /** Until then a part may become old enough without a write. */
    @Test
    void looksAgainUntilAllPartsAreOldEnough() throws Exception {
        EmbeddedFile embedded = made();
        now = Files.getLastModifiedTime(file()).toInstant().plus(EmbeddedFile.OLD_ENOUGH);

        assertThat(embedded.compact()).isFalse();
        replaceByAnother(Files.getLastModifiedTime(file()));
        assertThatThrownBy(embedded::compact).isInstanceOf(SQLException.class);
    }

    @Test
    void isNoneOfADatabaseInMemory() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:", "sa", "")) {
            assertThat(EmbeddedFile.of(connection.getMetaData(), () -> now)).isEmpty();
        }
    }

    private EmbeddedFile made() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("create table kept(id int primary key)");
        }
        return new EmbeddedFile(url(), () -> now);
    }

    private void replaceByAnother(FileTime time) throws Exception {
        Files.writeString(file(), "no database");
        Files.setLastModifiedTime(file(), time);
    }

    private String url() {
        return "jdbc:h2:file:" + directory.resolve("database");
    }

    private Path file() {
        return directory.resolve("database.mv.db");
    }
}
