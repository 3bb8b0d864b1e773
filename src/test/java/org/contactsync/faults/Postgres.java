package org.contactsync.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that can be killed and started again on the same data and port, and that writes to the disk before it says so.
 * One thread at a time.
 */
final class Postgres implements AutoCloseable {
    static final String NAME = "contact_sync";
    private static final Duration START = Duration.ofSeconds(60);

    private final Path data;
    private final Path log;
    private final int port;
    private final Path program;
    private @Nullable Process process;

    /**
     * Makes the database and starts it.
     *
     * @param data the data directory, made here
     * @param address where it listens, besides the loopback interface; empty for nowhere
     * @param commit how long it waits before it writes a commit to the disk; at most 100 ms
     */
    Postgres(Path data, Path log, String address, Duration commit) {
        this.data = data.toAbsolutePath();
        this.log = log.toAbsolutePath();
        try (EmbeddedPostgres first = EmbeddedPostgres.builder()
                .setDataDirectory(this.data)
                .setCleanDataDirectory(false)
                .start()) {
            port = first.getPort();
            program = Path.of("/proc", pid(), "exe").toRealPath();
            try (Connection connection = first.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create role " + NAME + " superuser login password '" + NAME + "'");
                statement.execute("create database " + NAME + " owner " + NAME);
            }
            Files.writeString(this.data.resolve("postgresql.auto.conf"), """
                    fsync = on
                    synchronous_commit = on
                    full_page_writes = on
                    commit_delay = %d
                    commit_siblings = 0
                    max_connections = 200
                    shared_buffers = 32MB
                    max_wal_size = 64MB
                    min_wal_size = 32MB
                    unix_socket_directories = ''
                    listen_addresses = '%s'
                    """.formatted(
                            TimeUnit.NANOSECONDS.toMicros(commit.toNanos()),
                            address.isEmpty() ? "localhost" : "localhost," + address));
            if (!address.isEmpty()) {
                Files.writeString(
                        this.data.resolve("pg_hba.conf"),
                        "host all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\nhost all all samenet trust\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        try {
            start();
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
    }

    int port() {
        return port;
    }

    Path data() {
        return data;
    }

    /** Starts it, if it does not run, and returns when it answers. */
    void start() {
        Instant end = Instant.now().plus(START);
        while (true) {
            if (!running()) {
                launch();
            }
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet on = statement.executeQuery("select current_setting('fsync')")) {
                on.next();
                if (!on.getString(1).equals("on")) {
                    throw new IllegalStateException("fsync is off");
                }
                return;
            } catch (SQLException e) {
                if (Instant.now().isAfter(end)) {
                    throw new IllegalStateException("PostgreSQL did not start, see " + log, e);
                }
                pause();
            }
        }
    }

    boolean running() {
        Process now = process;
        return now != null && now.isAlive();
    }

    /** {@code kill -9} of the server and all its processes. */
    void kill() {
        Process now = process;
        if (now != null) {
            Signals.kill(now.toHandle());
        }
        process = null;
    }

    /** SIGSTOP. */
    void freeze() {
        Signals.stop(handle());
    }

    void thaw() {
        Signals.goOn(handle());
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/" + NAME + "?user=" + NAME
                + "&password=" + NAME + "&connectTimeout=5&socketTimeout=60");
    }

    void execute(String statement) {
        try (Connection connection = connect();
                Statement executed = connection.createStatement()) {
            executed.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private ProcessHandle handle() {
        Process now = process;
        if (now == null) {
            throw new IllegalStateException("not running");
        }
        return now.toHandle();
    }

    private void launch() {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // PostgreSQL does not run as root: it need not know.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program.toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        try {
            // Of a server that was killed.
            Files.deleteIfExists(data.resolve("postmaster.pid"));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String pid() throws IOException {
        return Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
