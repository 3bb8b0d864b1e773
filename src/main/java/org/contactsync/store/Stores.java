package org.contactsync.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import org.contactsync.sync.BookPages;
import org.contactsync.sync.Books;
import org.contactsync.sync.Contacts;
import org.contactsync.sync.FeedMarks;
import org.contactsync.sync.Housekeeping;
import org.contactsync.sync.Staging;
import org.contactsync.sync.Tasks;

/** Builds the stores over the container's entity manager, which is safe to share between threads. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Stores {
    @PersistenceContext(unitName = "contact-sync")
    private EntityManager em;

    @Produces
    @Singleton
    Books books() {
        return new JpaBooks(em);
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
    FeedMarks feedMarks() {
        return new JpaFeedMarks(em);
    }
}
