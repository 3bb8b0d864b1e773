package org.contactsync.health;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.rehearsal.Rehearsal;
import org.contactsync.store.schema.SchemaMigration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** {@code /health/ready}: schema, database and the end of the rehearsal; also reports the states of broker, disk and the store of photos. Thread-safe. */
@Readiness
@Dependent
public class ReadyCheck implements HealthCheck {
    private final SchemaMigration schema;
    private final Dependencies dependencies;
    private final DiskRoom disk;
    private final PhotoObjects photos;
    private final Rehearsal rehearsal;

    @Inject
    public ReadyCheck(
            SchemaMigration schema,
            Dependencies dependencies,
            DiskRoom disk,
            PhotoObjects photos,
            Rehearsal rehearsal) {
        this.schema = schema;
        this.dependencies = dependencies;
        this.disk = disk;
        this.photos = photos;
        this.rehearsal = rehearsal;
    }

    @Override
    public HealthCheckResponse call() {
        boolean migrated = schema.migrated();
        boolean database = dependencies.databaseAnswers();
        boolean broker = dependencies.brokerAnswers();
        return HealthCheckResponse.named("contact-sync")
                .withData("rehearsal", rehearsal.isOver() ? "OVER" : "RUNNING")
                .withData("schema", upOrDown(migrated))
                .withData("database", upOrDown(database))
                .withData("broker", upOrDown(broker))
                .withData("disk", disk.low() ? "LOW" : "UP")
                .withData("photos", upOrDown(photos.isFine()))
                .status(migrated && database && rehearsal.isOver())
                .build();
    }

    private static String upOrDown(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
