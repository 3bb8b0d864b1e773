package org.contactsync.health;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.contactsync.store.SchemaMigration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** {@code /health/ready}: schema and database; also reports the state of the broker. Thread-safe. */
@Readiness
@Dependent
public class ReadyCheck implements HealthCheck {
    private final SchemaMigration schema;
    private final Dependencies dependencies;

    @Inject
    public ReadyCheck(SchemaMigration schema, Dependencies dependencies) {
        this.schema = schema;
        this.dependencies = dependencies;
    }

    @Override
    public HealthCheckResponse call() {
        boolean migrated = schema.migrated();
        boolean database = dependencies.databaseAnswers();
        boolean broker = dependencies.brokerAnswers();
        return HealthCheckResponse.named("contact-sync")
                .withData("schema", upOrDown(migrated))
                .withData("database", upOrDown(database))
                .withData("broker", upOrDown(broker))
                .status(migrated && database)
                .build();
    }

    private static String upOrDown(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
