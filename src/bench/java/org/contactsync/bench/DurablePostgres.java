package org.contactsync.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.contactsync.it.LibertyServer;

/**
 * A fresh PostgreSQL that writes to the disk before it says so: the embedded one is started for tests with {@code fsync} and
 * {@code synchronous_commit} off, which is undone here and checked. Thread-safe.
 */
final class DurablePostgres implements AutoCloseable {
    private static final String NAME = "contact_sync";

    private final EmbeddedPostgres postgres;
    private final Path data;

    /** @param settings further ones, as {@code name=value} */
    DurablePostgres(Path data, List<String> settings) {
        this.data = data;
        try {
            EmbeddedPostgres.Builder builder =
                    EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(true);
            for (String setting : settings) {
                int split = setting.indexOf('=');
                builder.setServerConfig(setting.substring(0, split), setting.substring(split + 1));
            }
            postgres = builder.setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create role " + NAME + " superuser login password '" + NAME + "'");
                statement.execute("create database " + NAME + " owner " + NAME);
            }
            requireDurable();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has the server use this database. */
    LibertyServer use(LibertyServer server) {
        return server.with("DB_KIND", "postgres")
                .with("DB_HOST", "localhost")
                .with("DB_PORT", Integer.toString(postgres.getPort()))
                .with("DB_NAME", NAME)
                .with("DB_USER", NAME)
                .with("DB_PASSWORD", NAME);
    }

    /** A connection with the driver's settings of the service. */
    Connection connect() {
        try {
            return DriverManager.getConnection("jdbc:postgresql://localhost:" + postgres.getPort() + "/" + NAME
                    + "?user=" + NAME + "&password=" + NAME + "&reWriteBatchedInserts=true&prepareThreshold=3");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(List<String> statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the next turn with all earlier writes in their tables. */
    void checkpoint() {
        execute(List.of("checkpoint"));
    }

    String setting(String name) {
        return text("select current_setting('" + name + "')");
    }

    /** Transactions committed so far. */
    long commits() {
        return Long.parseLong(text("select xact_commit from pg_stat_database where datname = '" + NAME + "'"));
    }

    /** Times that the log was forced to the disk so far. */
    long logSyncs() {
        return Long.parseLong(text("select coalesce(sum(fsyncs), 0)::bigint from pg_stat_io where object = 'wal'"));
    }

    /** Bytes of its log so far. */
    long logBytes() {
        return Long.parseLong(text("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"));
    }

    /** Whole pages that its log has so far, be they compressed or not. */
    long pageImages() {
        return Long.parseLong(text("select wal_fpi from pg_stat_wal"));
    }

    Processes.Cpu cpu() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            return Processes.cpuWithChildren(pid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireDurable() {
        for (String name : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            if (!setting(name).equals("on")) {
                throw new IllegalStateException(name + " is " + setting(name));
            }
        }
    }

    /** The first value of the first row. */
    String text(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
