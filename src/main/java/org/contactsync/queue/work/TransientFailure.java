package org.contactsync.queue.work;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.sync.book.StaleBookException;
import org.jspecify.annotations.Nullable;

/** Distinguishes failures that pass by themselves, such as an unavailable database, from those that would recur. */
public final class TransientFailure {
    /** SQLSTATE classes for errors of the statement or its data: it would fail the same way again. */
    private static final Set<String> OF_THE_STATEMENT = Set.of("21", "22", "23", "42");

    /** SQLSTATE of PostgreSQL. Others of its class, such as too many connections, pass by themselves. */
    private static final String DISK_FULL = "53100";

    private TransientFailure() {}

    /** The problem for a request that met the failure. */
    public static Problem.Unavailable problem(Throwable failure, Duration after) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState())) {
                return new Problem.Unavailable(UnavailableReason.DATABASE_FULL, after);
            }
        }
        return new Problem.Unavailable(UnavailableReason.DATABASE_LATE, after);
    }

    /** Whether the same work may succeed later. */
    public static boolean is(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StaleBookException) {
                return true;
            }
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                return state == null || state.length() < 2 || !OF_THE_STATEMENT.contains(state.substring(0, 2));
            }
        }
        return false;
    }
}
