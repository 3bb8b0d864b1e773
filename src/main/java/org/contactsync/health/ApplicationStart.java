package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.util.List;
import org.contactsync.log.FailureLog;
import org.contactsync.log.FailureText;
import org.contactsync.queue.BrokerCheck;
import org.contactsync.settings.DatabaseKind;
import org.contactsync.settings.Settings;
import org.contactsync.settings.SettingsSource;
import org.contactsync.store.DatabaseCheck;
import org.contactsync.store.DatabaseRefuses;
import org.contactsync.store.Dialect;
import org.contactsync.store.SchemaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Starts the application: checks the settings, migrates the schema, watches the dependencies and, once requests are answered,
 * logs the addresses. A failure ends the process: a server without its service is useless.
 */
@ApplicationScoped
public class ApplicationStart {
    private static final FailureLog LOG = FailureLog.of(ApplicationStart.class);

    private @Nullable Thread announcing;

    /** For the container. */
    public ApplicationStart() {}

    void start(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) @Initialized(ApplicationScoped.class)
                    Object event,
            SettingsSource source,
            Instance<Settings> settings,
            SchemaMigration schema,
            Dependencies dependencies,
            DatabaseCheck databaseCheck,
            BrokerCheck brokerCheck) {
        List<String> faults = source.faults();
        if (!faults.isEmpty()) {
            FailedStart.end(faults);
        }
        try {
            Settings known = settings.get();
            schema.migrate(known.database() == DatabaseKind.POSTGRES ? Dialect.POSTGRESQL : Dialect.H2);
            dependencies.watch(databaseCheck, brokerCheck);
            announce(known);
        } catch (DatabaseRefuses e) {
            FailedStart.end(List.of(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("the start failed", e);
            FailedStart.end(List.of("the start failed for the reason above: " + FailureText.kind(e)));
        }
    }

    @PreDestroy
    void end() {
        Thread thread = announcing;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** The server waits for this method before it listens. */
    private void announce(Settings settings) {
        Thread thread = new Thread(() -> Listening.announce(settings), "contact-sync starting");
        thread.setDaemon(true);
        thread.start();
        announcing = thread;
    }
}
