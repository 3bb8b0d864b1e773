package org.contactsync.store.check;

import java.sql.SQLException;
import java.util.Set;

/**
 * Detects that the embedded database has closed itself, as it does when it cannot write. A new process opens its file
 * again, with everything that was committed (decision 25).
 */
public final class ClosedDatabase {
    /**
     * Error codes of H2: closed; file locked, by a process that opened it meanwhile; file not readable or writable, in
     * three forms; file damaged.
     */
    private static final Set<Integer> CODES = Set.of(90_098, 90_020, 90_028, 90_031, 50_000, 90_030);

    private static final int MOST_CAUSES = 20;

    private ClosedDatabase() {}

    /** Whether the failure is that of a closed database. */
    public static boolean is(Throwable failure) {
        int seen = 0;
        for (Throwable cause = failure; cause != null && seen < MOST_CAUSES; cause = cause.getCause()) {
            // PostgreSQL's driver has no such codes.
            if (cause instanceof SQLException sql && CODES.contains(sql.getErrorCode())) {
                return true;
            }
            seen++;
        }
        return false;
    }
}
