package org.contactsync.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.contactsync.store.schema.Dialect;

/** A real PostgreSQL for the tests of the stores, started when the first one needs it and stopped with the machine. */
final class PostgresForStores {
    private static final JpaTestStore STORE = start();

    private PostgresForStores() {}

    static JpaTestStore store() {
        return STORE;
    }

    private static JpaTestStore start() {
        try {
            // It adds a hook of its own that stops the database when the Java process ends.
            EmbeddedPostgres postgres = EmbeddedPostgres.start();
            return new JpaTestStore(
                    postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres", Dialect.POSTGRESQL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
