package org.contactsync.store.check;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.contactsync.protocol.TaskState;
import org.contactsync.store.sql.DatabaseTime;
import org.jspecify.annotations.Nullable;

/**
 * Counts unfinished work of all users. Each count stops at a maximum number of rows, so that it takes some ten milliseconds
 * at most, and each statement has a time limit. Thread-safe.
 */
@ApplicationScoped
public class BacklogCheck {
    /** Rows of an index, or of a narrow table. */
    public static final int MOST_ROWS = 100_000;

    /** Each is looked up in another table; uploads are kept for a day. */
    static final int MOST_UPLOADS = 20_000;

    private static final int MOST_SECONDS = 2;
    private static final double MICROS = 1e6;

    @Resource(lookup = "jdbc/contactSync", shareable = false)
    private @Nullable DataSource dataSource;

    /** For the container. */
    public BacklogCheck() {}

    /**
     * Unfinished work.
     *
     * @param waitingTasks at most {@link #MOST_ROWS}
     * @param oldestWaitSeconds how long the first of them has waited, by the database's clock; 0 if none waits
     * @param openUploads among the {@link #MOST_UPLOADS} that were checked
     * @param givenUpTasks at most {@link #MOST_ROWS}
     */
    public record Backlog(long waitingTasks, double oldestWaitSeconds, long openUploads, long givenUpTasks) {}

    /**
     * Counts once.
     *
     * @throws SQLException if the database does not answer in time
     */
    public Backlog read() throws SQLException {
        DataSource source = dataSource;
        if (source == null) {
            throw new SQLException("no data source");
        }
        try (Connection connection = source.getConnection()) {
            return read(connection);
        }
    }

    /** Looks once, over a connection of the caller. */
    public static Backlog read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(MOST_SECONDS);
            try {
                long waiting = number(
                        statement, "select count(*) from (select task_id from waiting_step limit " + MOST_ROWS + ") w");
                // The order is that of an index; only the index is read.
                long micros = number(
                        statement,
                        "select " + DatabaseTime.MICROS + " - t.accepted_at_micros from (select book_id, place from"
                                + " (select book_id, place from waiting_step order by book_id, place limit " + MOST_ROWS
                                + ") i order by place limit 1) f join waiting_step w on w.book_id = f.book_id and w.place = f.place"
                                + " join sync_task t on t.id = w.task_id");
                long uploads = number(
                        statement,
                        "select count(*) from (select task_id from upload limit " + MOST_UPLOADS
                                + ") u join sync_task t on t.id = u.task_id where t.state = '"
                                + TaskState.RECEIVING.name() + "'");
                long givenUp = number(
                        statement,
                        "select count(*) from (select task_id from given_up_step limit " + MOST_ROWS + ") g");
                return new Backlog(waiting, Math.max(0, micros / MICROS), uploads, givenUp);
            } finally {
                // H2 would keep it for the next user of the connection.
                statement.setQueryTimeout(0);
            }
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
