package org.contactsync.store.object;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.settings.SettingsSource;

/** Builds the store of pieces that the settings name. */
@ApplicationScoped
public class ObjectStores {
    @Produces
    @Singleton
    PhotoObjects photoObjects(SettingsSource settings, Clock clock) {
        return settings.objectStore()
                .<PhotoObjects>map(store -> new S3Objects(store, clock))
                .orElseGet(NoObjects::new);
    }
}
