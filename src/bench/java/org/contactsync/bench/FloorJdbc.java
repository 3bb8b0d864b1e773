package org.contactsync.bench;

import java.sql.Connection;
import java.sql.SQLException;

/** A connection that writes rows of the schema {@code floor} without the service, and what the rows of its tasks have. One thread at a time. */
abstract class FloorJdbc implements AutoCloseable {
    static final byte[] ANSWER = new byte[240];
    static final String DIGEST = "0".repeat(64);
    static final String REPLY_QUEUE = "contacts.reply.local";

    private static final long ANSWER_MILLIS = 86_400_000;

    final Connection connection;

    FloorJdbc(DurablePostgres postgres) {
        connection = postgres.connect();
    }

    /** Of a task that is done now, in the columns that hold microseconds. */
    static long acceptedAtMicros(long nowMillis) {
        return nowMillis * 1000;
    }

    /** When its answer is forgotten. */
    static long expiresAtMillis(long nowMillis) {
        return nowMillis + ANSWER_MILLIS;
    }

    @Override
    public final void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
