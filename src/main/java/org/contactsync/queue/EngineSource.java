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
import org.contactsync.sync.FeedMarks;
import org.contactsync.sync.FeedRetention;
import org.contactsync.sync.GivenUpTasks;
import org.contactsync.sync.Receipts;
import org.contactsync.sync.Staging;
import org.contactsync.sync.StepCodec;
import org.contactsync.sync.SyncEngine;
import org.contactsync.sync.Tasks;

/** Builds what decides, over the stores. */
@ApplicationScoped
public class EngineSource {
    private static final Receipts RECEIPTS = new JsonReceipts();

    @Produces
    @Singleton
    SyncEngine engine(Books books, Contacts contacts, Tasks tasks, Staging staging, Limits limits) {
        return new SyncEngine(books, contacts, tasks, staging, new StepCodec(), limits, RECEIPTS);
    }

    @Produces
    @Singleton
    GivenUpTasks givenUpTasks(Books books, Tasks tasks, Limits limits) {
        return new GivenUpTasks(books, tasks, limits, RECEIPTS);
    }

    @Produces
    @Singleton
    FeedRetention feedRetention(Books books, Contacts contacts, FeedMarks marks) {
        return new FeedRetention(books, contacts, marks);
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
