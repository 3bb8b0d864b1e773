package org.contactsync.health;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.contactsync.store.schema.SchemaMigration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** {@code /health/started}: the schema is migrated to this version. Thread-safe. */
@Startup
@Dependent
public class StartedCheck implements HealthCheck {
    private final SchemaMigration schema;

    @Inject
    public StartedCheck(SchemaMigration schema) {
        this.schema = schema;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("schema").status(schema.migrated()).build();
    }
}
