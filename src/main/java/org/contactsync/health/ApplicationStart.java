package org.contactsync.health;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.contactsync.queue.BrokerCheck;
import org.contactsync.settings.DatabaseKind;
import org.contactsync.settings.Settings;
import org.contactsync.settings.StartPage;
import org.contactsync.store.DatabaseCheck;
import org.contactsync.store.Dialect;
import org.contactsync.store.SchemaMigration;

/**
 * What happens at start, in order: settings are checked, the schema is migrated, the dependencies are watched, and the log
 * says where everything is. A failure stops the application's start.
 */
@ApplicationScoped
public class ApplicationStart {
    private static final Logger LOG = System.getLogger(ApplicationStart.class.getName());

    /** For the container. */
    public ApplicationStart() {}

    void start(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) @Initialized(ApplicationScoped.class)
                    Object event,
            Settings settings,
            SchemaMigration schema,
            Dependencies dependencies,
            DatabaseCheck databaseCheck,
            BrokerCheck brokerCheck) {
        schema.migrate(settings.database() == DatabaseKind.POSTGRES ? Dialect.POSTGRESQL : Dialect.H2);
        dependencies.watch(databaseCheck, brokerCheck);
        LOG.log(Level.INFO, new StartPage(settings).text());
    }
}
