package org.contactsync.store.schema;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Waits at start for a database that does not answer yet, but not for one that refuses: waiting does not fix a wrong
 * password. One thread at a time.
 */
public final class DatabaseDoor {
    /** A database that starts at the same time as the service may take this long. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOG = System.getLogger(DatabaseDoor.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int MOST_CAUSES = 20;
    private static final int H2_FILE_IN_USE = 90020;

    /** SQLSTATE to the cause. */
    private static final Map<String, String> REFUSALS = Map.of(
            "28P01", "DB_PASSWORD or DB_USER is wrong",
            "28000", "DB_USER may not connect",
            "3D000", "there is no database named DB_NAME",
            "42501", "DB_USER lacks a privilege",
            "08004", "DB_HOST refuses such connections");

    private final DataSource dataSource;
    private final Duration patience;

    public DatabaseDoor(DataSource dataSource, Duration patience) {
        this.dataSource = dataSource;
        this.patience = patience;
    }

    /**
     * Returns once the database accepts a connection.
     *
     * @throws DatabaseRefuses at once if it refuses, and if it has not answered within the patience
     */
    public void await() {
        long end = System.nanoTime() + patience.toNanos();
        boolean said = false;
        while (true) {
            try (Connection connection = dataSource.getConnection()) {
                return;
            } catch (SQLException e) {
                Optional<String> refusal = refusal(e);
                if (refusal.isPresent()) {
                    throw new DatabaseRefuses("the database refuses: " + refusal.get() + ": " + text(e), e);
                }
                if (System.nanoTime() >= end) {
                    throw new DatabaseRefuses("the database does not answer: " + text(e), e);
                }
                if (!said) {
                    said = true;
                    LOG.log(Level.INFO, "the database does not answer yet; waiting: seconds={0}", patience.toSeconds());
                }
            }
            pause();
        }
    }

    private static Optional<String> refusal(SQLException failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof SQLException sql) {
                if (sql.getErrorCode() == H2_FILE_IN_USE) {
                    return Optional.of("DATA_DIR is in use by another process");
                }
                String known = REFUSALS.get(String.valueOf(sql.getSQLState()));
                if (known != null) {
                    return Optional.of(known);
                }
            }
            // The driver reports a certificate of another host only in its message.
            if (cause instanceof java.security.GeneralSecurityException
                    || String.valueOf(cause.getMessage()).contains("hostname")) {
                return Optional.of("its certificate does not match DB_TRUST_CERTIFICATE and DB_HOST");
            }
        }
        return Optional.empty();
    }

    /** The innermost message that is not empty; outer exceptions repeat it. */
    private static String text(SQLException failure) {
        String text = String.valueOf(failure.getMessage());
        for (Throwable cause : causes(failure)) {
            if (cause instanceof SQLException && cause.getMessage() != null) {
                text = cause.getMessage();
            }
        }
        int line = text.indexOf('\n');
        return (line < 0 ? text : text.substring(0, line)).strip();
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && causes.size() < MOST_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
