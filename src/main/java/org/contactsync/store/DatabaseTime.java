package org.contactsync.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time of the database: one clock for all instances. */
final class DatabaseTime {
    /** In SQL, for both databases: microseconds since 1970, of the start of the transaction. */
    static final String MICROS = "cast(extract(epoch from current_timestamp) * 1000000 as bigint)";

    private DatabaseTime() {}

    /** What {@link #MICROS} came to. */
    static Instant of(Object micros) {
        return Instant.EPOCH.plus(((Number) micros).longValue(), ChronoUnit.MICROS);
    }
}
