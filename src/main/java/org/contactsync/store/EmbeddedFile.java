package org.contactsync.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/**
 * Compacts the file of the embedded database. H2 appends each commit to its file as a new chunk. Its own thread for compaction runs only
 * when commits may be written late, which this service does not allow. So this class compacts the file in small steps (decision 27).
 * Thread-safe.
 */
final class EmbeddedFile {
    /** Percentage of the file that is in use. Below it, chunks are rewritten. */
    static final int LEAST_USED = 60;

    /** Bytes rewritten by one step; commits wait for it, some ten milliseconds. */
    private static final int STEP = 4 * 1024 * 1024;

    /** H2 rewrites a chunk 45 s after it was written at the earliest ({@code RETENTION_TIME}). */
    static final Duration OLD_ENOUGH = Duration.ofSeconds(60);

    private static final String IN_A_FILE = "jdbc:h2:file:";
    private static final String SUFFIX = ".mv.db";

    private final String url;
    private final Path file;
    private final InstantSource clock;

    /** When the file was last written, at the last check that found nothing to do although all chunks were old enough. */
    private volatile Instant settled = Instant.MIN;

    /** @param url the URL of the open database, without its settings */
    EmbeddedFile(String url, InstantSource clock) {
        this.url = url;
        this.clock = clock;
        file = Path.of(url.substring(IN_A_FILE.length()) + SUFFIX);
    }

    /** The file of the database; empty if the database is not H2, or is in memory. */
    static Optional<EmbeddedFile> of(DatabaseMetaData database, InstantSource clock) throws SQLException {
        String url = database.getURL();
        return "H2".equals(database.getDatabaseProductName()) && url.startsWith(IN_A_FILE)
                ? Optional.of(new EmbeddedFile(url, clock))
                : Optional.empty();
    }

    /**
     * Runs one step of compaction, if there is anything to do. If nothing was written since, it only reads the time of the file.
     *
     * @return whether anything was rewritten
     */
    boolean compact() throws SQLException {
        Instant written = written();
        if (written.equals(settled)) {
            return false;
        }
        boolean allOld = written.plus(OLD_ENOUGH).isBefore(clock.instant());
        boolean changed = compactNow();
        if (!changed && allOld) {
            settled = written;
        }
        return changed;
    }

    private Instant written() {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException("database file not readable", e);
        }
    }

    private boolean compactNow() throws SQLException {
        try (Connection connection = connect()) {
            Session session = connection.unwrap(JdbcConnection.class).getSession();
            if (!(session instanceof SessionLocal local)) {
                return false;
            }
            if (used(connection) >= LEAST_USED) {
                return false;
            }
            MVStore store = local.getDatabase().getStore().getMvStore();
            FileStore<?> open = store.getFileStore();
            boolean changed = open != null && !open.isReadOnly() && store.compact(LEAST_USED, STEP);
            if (changed) {
                // Otherwise the old chunks would stay until the next commit.
                store.commit();
            }
            return changed;
        }
    }

    /** The percentage in use of the chunks that are old enough to be rewritten; chunks that are free already do not count. */
    private static int used(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select setting_value from information_schema.settings"
                        + " where setting_name = 'info.CHUNKS_FILL_RATE_RW'")) {
            return row.next() ? Integer.parseInt(row.getString(1)) : LEAST_USED;
        }
    }

    /** Connects without the server's pool, whose connections hide those of H2. */
    private Connection connect() throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url + ";IFEXISTS=TRUE");
        source.setUser("sa");
        return source.getConnection();
    }
}
