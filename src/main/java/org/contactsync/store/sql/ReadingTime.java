package org.contactsync.store.sql;

import jakarta.persistence.Query;
import java.util.HashMap;
import java.util.Map;
import org.contactsync.sync.book.Deadline;

/**
 * Limits each statement of a read to the time that its request has left, so that it ends in the database too when nobody
 * wants its rows any more. Other statements are unchanged. H2 keeps the limit for the connection: the server resets it when
 * it puts the statement into its cache.
 */
public final class ReadingTime {
    /** In ms; drivers take whole seconds, and EclipseLink rounds up. */
    private static final String TIMEOUT = "jakarta.persistence.query.timeout";

    private ReadingTime() {}

    public static <Q extends Query> Q bound(Q query) {
        Deadline deadline = Deadline.current();
        if (deadline.ends()) {
            query.setHint(TIMEOUT, millis(deadline));
        }
        return query;
    }

    /** The same for {@code EntityManager.find}. */
    public static Map<String, Object> bound(Map<String, Object> properties) {
        Deadline deadline = Deadline.current();
        if (!deadline.ends()) {
            return properties;
        }
        Map<String, Object> bound = new HashMap<>(properties);
        bound.put(TIMEOUT, millis(deadline));
        return bound;
    }

    /** At least one: 0 means no limit. */
    private static int millis(Deadline deadline) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, deadline.left().toMillis()));
    }
}
