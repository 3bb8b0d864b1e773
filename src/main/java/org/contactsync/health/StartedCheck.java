package org.contactsync.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.contactsync.store.SchemaMigration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;
import org.jspecify.annotations.Nullable;

/** {@code /health/started}: the schema is that of this version. Thread-safe. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {
    @Inject
    private @Nullable SchemaMigration schema;

    /** For the container. */
    public StartedCheck() {}

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("schema")
                .status(schema != null && schema.migrated())
                .build();
    }
}
