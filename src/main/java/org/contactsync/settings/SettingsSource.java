package org.contactsync.settings;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Limits;
import org.eclipse.microprofile.config.ConfigProvider;

/** Produces the application's {@link Settings} and {@link Limits} from MicroProfile Config. */
@ApplicationScoped
public class SettingsSource {
    /**
     * All that is wrong with the settings, and with what they name; empty when the service can start with them. Takes the data
     * directory for this process when it holds the embedded database.
     */
    public List<String> faults() {
        SettingValues values = reader().values();
        new Surroundings(values).check();
        return values.faults();
    }

    /** @throws WrongSettings when a setting is missing or wrong */
    @Produces
    @Singleton
    public Settings settings() {
        return reader().read();
    }

    /** @throws WrongSettings when a setting is missing or wrong */
    @Produces
    @Singleton
    public Limits limits() {
        return reader().readLimits();
    }

    /** @throws WrongSettings when a setting is missing or wrong */
    @Produces
    @Singleton
    public RequestRate requestRate() {
        return reader().readRequestRate();
    }

    /** @throws WrongSettings when a setting is missing or wrong */
    @Produces
    @Singleton
    public CorsOrigins corsOrigins() {
        return reader().readCorsOrigins();
    }

    private static SettingsReader reader() {
        return new SettingsReader(SettingsSource::text);
    }

    /** MicroProfile Config takes an empty variable for one that is not set; the server does not. */
    private static Optional<String> text(Setting setting) {
        return ConfigProvider.getConfig()
                .getOptionalValue(setting.variable(), String.class)
                .or(() -> Optional.ofNullable(System.getenv(setting.name())));
    }
}
