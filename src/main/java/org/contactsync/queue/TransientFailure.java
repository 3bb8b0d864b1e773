package org.contactsync.queue;

import java.sql.SQLException;
import java.util.Set;
import org.contactsync.sync.StaleBookException;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass by themselves, such as a database that is away, from those that come again. */
public final class TransientFailure {
    /** Classes of SQLSTATE that say something about the statement or its data: it would fail the same way again. */
    private static final Set<String> OF_THE_STATEMENT = Set.of("21", "22", "23", "42");

    private TransientFailure() {}

    /** Whether the same work may succeed a little later. */
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
