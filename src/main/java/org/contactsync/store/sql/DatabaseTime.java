package org.contactsync.store.sql;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time of the database: one clock for all instances. */
public final class DatabaseTime {
    /** SQL for both databases: the start of the transaction in microseconds since 1970. */
    public static final String MICROS = "cast(extract(epoch from current_timestamp) * 1000000 as bigint)";

    private DatabaseTime() {}

    /** The time from the value of {@link #MICROS}. */
    public static Instant of(Object micros) {
        return Instant.EPOCH.plus(((Number) micros).longValue(), ChronoUnit.MICROS);
    }
}
