package org.contactsync.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** {@code /health/live}: the application answers; nothing outside this process is checked. Thread-safe. */
@Liveness
@ApplicationScoped
public class LiveCheck implements HealthCheck {
    /** For the container. */
    public LiveCheck() {}

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.up("application");
    }
}
