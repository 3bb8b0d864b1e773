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
     * All faults of the settings and of what they refer to; empty if the service can start with them. Locks the data
     * directory for this process if it contains the embedded database.
     */
    public List<String> faults() {
        SettingValues values = reader().values();
        new Surroundings(values).check();
        return values.faults();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public Settings settings() {
        return reader().read();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public Limits limits() {
        return reader().readLimits();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public RequestRate requestRate() {
        return reader().readRequestRate();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public StepsPerCommit stepsPerCommit() {
        return reader().readStepsPerCommit();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public RehearsalTime rehearsalTime() {
        return reader().readRehearsalTime();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public EventBounds eventBounds() {
        return reader().readEventBounds();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public CorsOrigins corsOrigins() {
        return reader().readCorsOrigins();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public ScrubPace scrubPace() {
        return reader().readScrubPace();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public WebhookSettings webhooks() {
        return reader().readWebhooks();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public LookupOptions lookupOptions() {
        return reader().readLookupOptions();
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public PageOptions pageOptions() {
        return reader().readPageOptions();
    }

    /**
     * The store of photos besides the database; empty if there is none.
     *
     * @throws WrongSettings if a setting is missing or wrong
     */
    public Optional<ObjectStore> objectStore() {
        return ObjectStoreReader.read(reader().values());
    }

    /** @throws WrongSettings if a setting is missing or wrong */
    @Produces
    @Singleton
    public DiskFloor diskFloor() {
        return reader().readDiskFloor();
    }

    /**
     * The name that no other process with the same database and broker may have; empty if this process shares neither.
     *
     * @throws WrongSettings if a setting is missing or wrong
     */
    public Optional<String> sharedInstance() {
        return reader().readSharedInstance();
    }

    private static SettingsReader reader() {
        return new SettingsReader(SettingsSource::text);
    }

    /** MicroProfile Config treats an empty variable as not set; the server does not. */
    private static Optional<String> text(Setting setting) {
        return ConfigProvider.getConfig()
                .getOptionalValue(setting.variable(), String.class)
                .or(() -> Optional.ofNullable(System.getenv(setting.name())));
    }
}
