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
 * The file of the embedded database. H2 writes each commit as a new part of its file, and would bring together what is left of old
 * parts with a thread that it has only when commits may be written later. Ours must not, so this does it, a little at a time
 * (decision 27). Thread-safe.
 */
final class EmbeddedFile {
    /** In percent: what is still used of the parts of the file. Below it, parts are brought together. */
    static final int LEAST_USED = 60;

    /** Bytes that one step writes anew; commits wait for it, some ten milliseconds. */
    private static final int STEP = 4 * 1024 * 1024;

    /** A part may be written anew 45 s after it was written (H2's {@code RETENTION_TIME}): until then there may be more to do. */
    static final Duration OLD_ENOUGH = Duration.ofSeconds(60);

    private static final String IN_A_FILE = "jdbc:h2:file:";
    private static final String SUFFIX = ".mv.db";

    private final String url;
    private final Path file;
    private final InstantSource clock;

    /** When the file was last written, as of a look that found nothing to do in parts that were all old enough. */
    private volatile Instant settled = Instant.MIN;

    /** @param url of the open database, without its settings */
    EmbeddedFile(String url, InstantSource clock) {
        this.url = url;
        this.clock = clock;
        file = Path.of(url.substring(IN_A_FILE.length()) + SUFFIX);
    }

    /** The file of the database; empty for another database, or one in memory. */
    static Optional<EmbeddedFile> of(DatabaseMetaData database, InstantSource clock) throws SQLException {
        String url = database.getURL();
        return "H2".equals(database.getDatabaseProductName()) && url.startsWith(IN_A_FILE)
                ? Optional.of(new EmbeddedFile(url, clock))
                : Optional.empty();
    }

    /**
     * One step, if there is anything to do. Where nobody writes it only looks at the file's time.
     *
     * @return whether something was written anew
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
            throw new UncheckedIOException("the file of the database", e);
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
                // Where nobody writes, the old parts would stay until somebody does.
                store.commit();
            }
            return changed;
        }
    }

    /** In percent, of the parts that are old enough to be written anew; those that wait to be overwritten do not count. */
    private static int used(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select setting_value from information_schema.settings"
                        + " where setting_name = 'info.CHUNKS_FILL_RATE_RW'")) {
            return row.next() ? Integer.parseInt(row.getString(1)) : LEAST_USED;
        }
    }

    /** Past the pool of the server, whose connections hide H2's own. */
    private Connection connect() throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url + ";IFEXISTS=TRUE");
        source.setUser("sa");
        return source.getConnection();
    }
}
