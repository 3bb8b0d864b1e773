package org.contactsync.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import org.contactsync.account.DeviceRows;
import org.contactsync.account.ErasedAccounts;
import org.contactsync.lookup.LookupRows;
import org.contactsync.photo.ObjectRows;
import org.contactsync.photo.Photos;
import org.contactsync.photo.UnusedPhotos;
import org.contactsync.protocol.Limits;
import org.contactsync.store.account.JpaDeviceRows;
import org.contactsync.store.account.JpaErasedAccounts;
import org.contactsync.store.history.JpaHistory;
import org.contactsync.store.history.JpaHistoryRetention;
import org.contactsync.store.lookup.JpaLookupRows;
import org.contactsync.store.photo.JpaObjectRows;
import org.contactsync.store.photo.JpaPhotos;
import org.contactsync.store.photo.JpaUnusedPhotos;
import org.contactsync.store.scrub.JpaFindings;
import org.contactsync.store.scrub.JpaScrubRows;
import org.contactsync.store.webhook.JpaDeliveries;
import org.contactsync.sync.Housekeeping;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.scrub.Findings;
import org.contactsync.sync.scrub.ScrubRows;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.Staging;
import org.contactsync.webhook.Deliveries;

/** Builds the stores over the container's entity manager, which is safe to share between threads. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Stores {
    @PersistenceContext(unitName = "contact-sync")
    private EntityManager em;

    @Produces
    @Singleton
    Books books(Limits limits) {
        return new JpaBooks(em, Bounds.most(limits));
    }

    @Produces
    @Singleton
    Contacts contacts() {
        return new JpaContacts(em);
    }

    @Produces
    @Singleton
    BookPages bookPages() {
        return new JpaPages(em);
    }

    @Produces
    @Singleton
    StoredTrees storedTrees() {
        return new JpaStoredTrees(em);
    }

    @Produces
    @Singleton
    Tasks tasks() {
        return new JpaTasks(em);
    }

    @Produces
    @Singleton
    Staging staging() {
        return new JpaStaging(em);
    }

    @Produces
    @Singleton
    Housekeeping housekeeping() {
        return new JpaHousekeeping(em);
    }

    @Produces
    @Singleton
    BookHistory bookHistory() {
        return new JpaHistory(em);
    }

    @Produces
    @Singleton
    HistoryRetention historyRetention() {
        return new JpaHistoryRetention(em);
    }

    @Produces
    @Singleton
    FeedMarks feedMarks() {
        return new JpaFeedMarks(em);
    }

    @Produces
    @Singleton
    ScrubRows scrubRows() {
        return new JpaScrubRows(em);
    }

    @Produces
    @Singleton
    LookupRows lookupRows() {
        return new JpaLookupRows(em);
    }

    @Produces
    @Singleton
    Findings findings() {
        return new JpaFindings(em);
    }

    @Produces
    @Singleton
    DeviceRows deviceRows() {
        return new JpaDeviceRows(em);
    }

    @Produces
    @Singleton
    ErasedAccounts erasedAccounts() {
        return new JpaErasedAccounts(em);
    }

    @Produces
    @Singleton
    Deliveries deliveries() {
        return new JpaDeliveries(em);
    }

    @Produces
    @Singleton
    Photos photos() {
        return new JpaPhotos(em);
    }

    @Produces
    @Singleton
    UnusedPhotos unusedPhotos() {
        return new JpaUnusedPhotos(em);
    }

    @Produces
    @Singleton
    ObjectRows objectRows() {
        return new JpaObjectRows(em);
    }
}
