package org.contactsync.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.contactsync.store.SchemaMigration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** {@code /health/ready}: schema and database; the broker's state beside it. Thread-safe. */
@Readiness
@ApplicationScoped
public class ReadyCheck implements HealthCheck {
    @Inject
    private @Nullable SchemaMigration schema;

    @Inject
    private @Nullable Dependencies dependencies;

    /** For the container. */
    public ReadyCheck() {}

    @Override
    public HealthCheckResponse call() {
        boolean migrated = schema != null && schema.migrated();
        boolean database = dependencies != null && dependencies.databaseAnswers();
        boolean broker = dependencies != null && dependencies.brokerAnswers();
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
