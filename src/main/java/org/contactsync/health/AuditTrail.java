package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.contactsync.log.AuditFile;
import org.contactsync.settings.Settings;
import org.jspecify.annotations.Nullable;

/** Keeps the audit files open while the application runs. Without them the application does not start. */
@ApplicationScoped
public class AuditTrail {
    /** Directory within the data directory. */
    private static final String DIRECTORY = "audit";

    private volatile @Nullable AuditFile file;
    private volatile @Nullable AuditFile lookups;

    /** For the container. */
    public AuditTrail() {}

    void start(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE + 1) @Initialized(ApplicationScoped.class)
                    Object event,
            Settings settings) {
        try {
            file = AuditFile.open(settings.dataDirectory().resolve(DIRECTORY));
            lookups = AuditFile.openLookups(settings.dataDirectory().resolve(DIRECTORY));
        } catch (IOException e) {
            throw new UncheckedIOException("the audit cannot be written below DATA_DIR", e);
        }
    }

    @PreDestroy
    void stop() {
        close(file);
        close(lookups);
    }

    private static void close(@Nullable AuditFile open) {
        if (open != null) {
            open.close();
        }
    }
}
