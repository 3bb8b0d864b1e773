package org.contactsync.store;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/**
 * Brings the database's schema to this version, once, at the application's start, before anything else uses the database.
 *
 * <p>Several instances may start at once: the migration locks its own table. Thread-safe.
 */
@ApplicationScoped
public class SchemaMigration {
    private static final Logger LOG = System.getLogger(SchemaMigration.class.getName());
    private static final String LOCATION = "classpath:db/migration";

    /** A database that starts together with the service may need this long: attempts with pauses of 1, 2, then 3 s. */
    private static final int CONNECT_ATTEMPTS = 20;

    private static final int CONNECT_PAUSE_SECONDS = 3;

    // Not shareable: the migration holds several connections at once.
    @Resource(lookup = "jdbc/contactSync", shareable = false)
    private @Nullable DataSource dataSource;

    private volatile boolean migrated;

    /** For the container. */
    public SchemaMigration() {}

    /** Whether {@link #migrate} has succeeded. */
    public boolean migrated() {
        return migrated;
    }

    /**
     * Applies the migrations that the database has not seen.
     *
     * @return the schema's version
     * @throws IllegalStateException when the archive holds no migration, which would otherwise pass for success
     * @throws org.flywaydb.core.api.FlywayException when the database cannot be reached or a migration fails
     */
    public String migrate(Dialect dialect) {
        Flyway flyway = Flyway.configure(SchemaMigration.class.getClassLoader())
                .dataSource(dataSource)
                .locations(LOCATION)
                .failOnMissingLocations(true)
                .placeholders(dialect.placeholders())
                .connectRetries(CONNECT_ATTEMPTS)
                .connectRetriesInterval(CONNECT_PAUSE_SECONDS)
                .cleanDisabled(true)
                .load();
        int applied = flyway.migrate().migrationsExecuted;
        MigrationInfoService info = flyway.info();
        MigrationInfo current = info.current();
        if (current == null || current.getVersion() == null || info.all().length == 0) {
            throw new IllegalStateException("no database migration was found in " + LOCATION);
        }
        String version = current.getVersion().getVersion();
        LOG.log(Level.INFO, "database schema version={0} applied={1}", version, applied);
        migrated = true;
        return version;
    }
}
