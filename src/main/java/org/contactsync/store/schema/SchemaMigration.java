package org.contactsync.store.schema;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Arrays;
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

    /** With the time limits of requests: it shows quickly whether the database answers. */
    @Resource(lookup = "jdbc/contactSync", shareable = false)
    private @Nullable DataSource dataSource;

    /** Without the time limits of requests. Not shareable: the migration holds several connections at once. */
    @Resource(lookup = "jdbc/contactSyncMigration", shareable = false)
    private @Nullable DataSource unlimited;

    private volatile boolean migrated;

    /** For the container. */
    public SchemaMigration() {}

    public SchemaMigration(DataSource dataSource) {
        this.dataSource = dataSource;
        unlimited = dataSource;
    }

    /** Whether {@link #migrate} has succeeded. */
    public boolean migrated() {
        return migrated;
    }

    /**
     * Applies the migrations that the database has not seen.
     *
     * @return the schema's version
     * @throws IllegalStateException when the archive contains no migration; without this check that would look like success
     * @throws DatabaseRefuses when the database cannot be reached or used
     * @throws org.flywaydb.core.api.FlywayException when a migration fails
     */
    public String migrate(Dialect dialect) {
        DataSource usual = dataSource;
        DataSource source = unlimited;
        if (usual == null || source == null) {
            throw new IllegalStateException("no data source");
        }
        new DatabaseDoor(usual, DatabaseDoor.PATIENCE).await();
        Flyway flyway = flyway(source, dialect);
        if (dialect == Dialect.H2 && !complete(flyway)) {
            removeUnfinished(source);
            flyway = flyway(source, dialect);
        }
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

    private static Flyway flyway(DataSource source, Dialect dialect) {
        return Flyway.configure(SchemaMigration.class.getClassLoader())
                .dataSource(source)
                .locations(LOCATION)
                .failOnMissingLocations(true)
                .placeholders(dialect.placeholders())
                .cleanDisabled(true)
                .load();
    }

    private static boolean complete(Flyway flyway) {
        return Arrays.stream(flyway.info().all())
                .map(MigrationInfo::getState)
                .allMatch(state -> state.isApplied() && !state.isFailed());
    }

    private static void removeUnfinished(DataSource source) {
        try {
            new UnfinishedTables(source).remove();
        } catch (SQLException e) {
            throw new DatabaseRefuses("the tables of the embedded database cannot be listed: " + e.getMessage(), e);
        }
    }
}
