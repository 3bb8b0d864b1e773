package org.contactsync.client.local;

import java.util.Optional;

/**
 * The few things that the local database needs from SQLite. Values are {@code String}, {@code byte[]}, {@code Long} or an {@code Optional} of
 * one of these; the columns of a row are counted from 0. Implementations are thread-safe: a transaction keeps other threads out. All failures are
 * {@link LocalDatabaseFailure}.
 */
public interface Sql extends AutoCloseable {
    /** A row of an answer, valid during the visit. */
    interface Row {
        String text(int column);

        long number(int column);

        /** Empty for NULL. */
        Optional<byte[]> bytes(int column);
    }

    /** Receives rows one by one. */
    @FunctionalInterface
    interface RowVisitor {
        void row(Row row);
    }

    /** Work that is done completely or not at all. */
    @FunctionalInterface
    interface Work<T> {
        T run();
    }

    /** @return how many rows it changed */
    int execute(String statement, Object... values);

    /** The visitor must not call this object again. */
    void query(String statement, RowVisitor visitor, Object... values);

    /** One after the other also between processes; durable when it returns. Within a transaction it belongs to that one. */
    <T> T inTransaction(Work<T> work);

    @Override
    void close();
}
