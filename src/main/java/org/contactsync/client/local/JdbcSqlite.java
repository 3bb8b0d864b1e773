package org.contactsync.client.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.contactsync.client.state.WholeFile;

/** SQLite through the driver {@code org.xerial:sqlite-jdbc}, which must be on the class path. Thread-safe. */
public final class JdbcSqlite implements Sql {
    /** Other processes write for milliseconds. */
    private static final Duration BUSY = Duration.ofSeconds(10);

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean inTransaction;

    private JdbcSqlite(Connection connection) {
        this.connection = connection;
    }

    /** Opens the file, or makes it; only its owner can read it. */
    public static JdbcSqlite open(Path file) throws IOException {
        try (FileChannel made = WholeFile.openLock(file)) {
            made.size(); // the file is there now, with its permissions
        }
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try (Statement settings = connection.createStatement()) {
                settings.execute("PRAGMA busy_timeout = " + BUSY.toMillis());
                // Each commit is on the disk when it returns, and is one write to the log, whatever is killed.
                settings.execute("PRAGMA journal_mode = WAL");
                settings.execute("PRAGMA synchronous = FULL");
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return new JdbcSqlite(connection);
        } catch (SQLException e) {
            throw new IOException("The database " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized int execute(String statement, Object... values) {
        try {
            return prepared(statement, values).executeUpdate();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void query(String statement, RowVisitor visitor, Object... values) {
        try (ResultSet rows = prepared(statement, values).executeQuery()) {
            Row row = new ResultRow(rows);
            while (rows.next()) {
                visitor.row(row);
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized <T> T inTransaction(Work<T> work) {
        if (inTransaction) {
            return work.run();
        }
        execute("BEGIN IMMEDIATE");
        inTransaction = true;
        boolean done = false;
        try {
            T result = work.run();
            execute("COMMIT");
            done = true;
            return result;
        } finally {
            inTransaction = false;
            if (!done) {
                rollBack();
            }
        }
    }

    private void rollBack() {
        try {
            execute("ROLLBACK");
        } catch (LocalDatabaseFailure alreadyRolledBack) {
            // SQLite did it itself, e.g. because the disk is full; what failed is thrown already.
        }
    }

    private PreparedStatement prepared(String statement, Object[] values) throws SQLException {
        PreparedStatement prepared = statements.get(statement);
        if (prepared == null) {
            prepared = connection.prepareStatement(statement); // all statements are constants of the code
            statements.put(statement, prepared);
        }
        for (int i = 0; i < values.length; i++) {
            Object value = values[i] instanceof Optional<?> optional ? optional.orElse(null) : values[i];
            prepared.setObject(i + 1, value);
        }
        return prepared;
    }

    private static LocalDatabaseFailure failure(SQLException e) {
        return new LocalDatabaseFailure("local database: code=" + e.getErrorCode(), e);
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private record ResultRow(ResultSet rows) implements Row {
        @Override
        public String text(int column) {
            try {
                return rows.getString(column + 1);
            } catch (SQLException e) {
                throw failure(e);
            }
        }

        @Override
        public long number(int column) {
            try {
                return rows.getLong(column + 1);
            } catch (SQLException e) {
                throw failure(e);
            }
        }

        @Override
        public Optional<byte[]> bytes(int column) {
            try {
                return Optional.ofNullable(rows.getBytes(column + 1));
            } catch (SQLException e) {
                throw failure(e);
            }
        }
    }
}
