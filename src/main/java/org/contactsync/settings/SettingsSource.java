package org.contactsync.settings;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.contactsync.protocol.Limits;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where the application's one {@link Settings} and one {@link Limits} come from. */
@ApplicationScoped
public class SettingsSource {
    /**
     * Reads the settings from MicroProfile Config.
     *
     * @throws IllegalArgumentException when a setting is missing or wrong
     */
    @Produces
    @Singleton
    public Settings settings() {
        Config config = ConfigProvider.getConfig();
        return new SettingsReader(name -> config.getOptionalValue(name, String.class)).read();
    }

    /**
     * The limits of the protocol, with the lease of uploads and the age of waiting tasks as configured.
     *
     * @throws IllegalArgumentException when {@code UPLOAD_LEASE} or {@code QUEUE_AGE} is not such a duration
     */
    @Produces
    @Singleton
    public Limits limits() {
        Config config = ConfigProvider.getConfig();
        return new SettingsReader(name -> config.getOptionalValue(name, String.class)).readLimits();
    }
}
