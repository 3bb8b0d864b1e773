package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.contactsync.protocol.Limits;
import org.contactsync.sync.BookPages;
import org.contactsync.sync.BookReadings;
import org.contactsync.sync.Books;
import org.contactsync.sync.Contacts;
import org.contactsync.sync.Staging;
import org.contactsync.sync.StepCodec;
import org.contactsync.sync.SyncEngine;
import org.contactsync.sync.Tasks;

/** Builds what decides, over the stores. */
@ApplicationScoped
public class EngineSource {
    @Produces
    @Singleton
    SyncEngine engine(Books books, Contacts contacts, Tasks tasks, Staging staging, Limits limits) {
        return new SyncEngine(books, contacts, tasks, staging, new StepCodec(), limits);
    }

    @Produces
    @Singleton
    BookReadings readings(Books books, BookPages pages, Contacts contacts, Tasks tasks) {
        return new BookReadings(books, pages, contacts, tasks);
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
