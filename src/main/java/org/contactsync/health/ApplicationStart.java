package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.contactsync.log.FailureLog;
import org.contactsync.log.FailureText;
import org.contactsync.queue.message.BrokerCheck;
import org.contactsync.rehearsal.Rehearsal;
import org.contactsync.settings.DatabaseKind;
import org.contactsync.settings.Settings;
import org.contactsync.settings.SettingsSource;
import org.contactsync.store.check.DatabaseCheck;
import org.contactsync.store.schema.DatabaseRefuses;
import org.contactsync.store.schema.Dialect;
import org.contactsync.store.schema.SchemaMigration;
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
            BrokerCheck brokerCheck,
            Rehearsal rehearsal) {
        List<String> faults = source.faults();
        if (!faults.isEmpty()) {
            FailedStart.end(faults);
        }
        try {
            Settings known = settings.get();
            Dialect dialect = known.database() == DatabaseKind.POSTGRES ? Dialect.POSTGRESQL : Dialect.H2;
            schema.migrate(dialect);
            Optional<String> shared = source.sharedInstance();
            if (shared.isPresent()) {
                databaseCheck.askAs(shared.get());
            }
            dependencies.watch(databaseCheck, brokerCheck);
            announce(known, rehearsal);
        } catch (DatabaseRefuses e) {
            FailedStart.end(List.of(String.valueOf(e.getMessage())));
        } catch (SQLException | RuntimeException e) {
            LOG.error("start failed", e);
            FailedStart.end(List.of("the start failed; the reason is above: " + FailureText.kind(e)));
        }
    }

    @PreDestroy
    void end() {
        Thread thread = announcing;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** The server opens its port only after this method has returned. */
    private void announce(Settings settings, Rehearsal rehearsal) {
        Thread thread = new Thread(() -> Listening.announce(settings, rehearsal), "contact-sync starting");
        thread.setDaemon(true);
        thread.start();
        announcing = thread;
    }
}
