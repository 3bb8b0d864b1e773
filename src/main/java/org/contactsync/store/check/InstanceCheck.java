package org.contactsync.store.check;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.contactsync.store.schema.DatabaseRefuses;

/**
 * Checks at start whether another process with the same instance name is running, in PostgreSQL's list of connections: each
 * process runs its health check over its own connection every two seconds, with its name in the statement. Nothing has to
 * be released: a killed process has no connection any more, and a vanished one runs no more checks (decision 26). One
 * thread at a time.
 */
final class InstanceCheck {
    /** The maximum age of a health check's answer: a process with a later check is alive. */
    static final Duration ALIVE = Duration.ofSeconds(10);

    /** A predecessor that has vanished, or is about to end, is no longer in the list by then. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Logger LOG = System.getLogger(InstanceCheck.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The first process keeps the name, so that two that start together do not both exit. */
    private static final String OTHERS = "select count(*) from pg_stat_activity other, pg_stat_activity own"
            + " where own.pid = pg_backend_pid() and other.datname = current_database()"
            + " and (other.backend_start, other.pid) < (own.backend_start, own.pid)"
            + " and position(? in other.query) > 0"
            + " and other.state_change > clock_timestamp() - make_interval(secs => ?) ";

    private final DataSource questions;
    private final String instance;
    private final Duration patience;

    /** @param questions the data source of the health check, with one connection */
    InstanceCheck(DataSource questions, String instance, Duration patience) {
        this.questions = questions;
        this.instance = instance;
        this.patience = patience;
    }

    /** The marker in the statements of an instance's health check. The name has letters, digits and {@code . _ -} only. */
    static String mark(String instance) {
        return "/* contact-sync instance " + instance + " */";
    }

    /**
     * Returns once no other running process has the name.
     *
     * @throws DatabaseRefuses if another process still has it when the patience is over
     */
    void await() {
        long end = System.nanoTime() + patience.toNanos();
        boolean said = false;
        while (taken()) {
            if (System.nanoTime() >= end) {
                throw new DatabaseRefuses(
                        "INSTANCE is in use by another running process: " + instance
                                + ": give each process its own name, or stop the other one first",
                        new IllegalStateException("instance=" + instance));
            }
            if (!said) {
                said = true;
                LOG.log(
                        Level.INFO,
                        "another process uses this INSTANCE; waiting for it to end: instance={0} seconds={1}",
                        instance,
                        patience.toSeconds());
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private boolean taken() {
        try (Connection connection = questions.getConnection();
                PreparedStatement select = connection.prepareStatement(OTHERS + mark(instance))) {
            select.setString(1, mark(instance));
            select.setDouble(2, ALIVE.toSeconds());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) > 0;
            }
        } catch (SQLException e) {
            throw new DatabaseRefuses("cannot query the running instances: " + e.getMessage(), e);
        }
    }
}
