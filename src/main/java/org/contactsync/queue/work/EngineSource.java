package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.contactsync.account.DeviceRows;
import org.contactsync.account.Devices;
import org.contactsync.account.Sightings;
import org.contactsync.lookup.BlockList;
import org.contactsync.lookup.IndexRequests;
import org.contactsync.lookup.Indexing;
import org.contactsync.lookup.LookupRows;
import org.contactsync.lookup.Lookups;
import org.contactsync.protocol.Limits;
import org.contactsync.queue.event.BookEvents;
import org.contactsync.settings.LookupOptions;
import org.contactsync.sync.SharedCommits;
import org.contactsync.sync.SyncEngine;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.event.AnnouncedBooks;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.reading.DigestTrees;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.FeedRetention;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.reading.TreeCounts;
import org.contactsync.sync.reading.UnsavedTrees;
import org.contactsync.sync.scrub.ScrubRows;
import org.contactsync.sync.scrub.Scrubs;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.GivenUpTasks;
import org.contactsync.sync.task.Receipts;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.Staging;

/** Builds the engine and its companions on top of the stores. */
@ApplicationScoped
public class EngineSource {
    private static final Receipts RECEIPTS = new JsonReceipts();

    /** Of a contact in the index of look-ups: two numbers and six words, so that a full book of honest contacts has all of them in it. */
    private static final int INDEX_BYTES = 3 * 1024;

    @Produces
    @Singleton
    SyncEngine engine(
            Books books,
            Contacts contacts,
            Tasks tasks,
            Staging staging,
            BookHistory history,
            Limits limits,
            BookEvents events) {
        return new SyncEngine(
                announced(books, events), contacts, tasks, staging, history, new StepCodec(), limits, RECEIPTS);
    }

    @Produces
    @Singleton
    SharedCommits sharedCommits(SyncEngine engine, Books books, Contacts contacts, BookEvents events) {
        return new SharedCommits(engine, announced(books, events), contacts);
    }

    @Produces
    @Singleton
    GivenUpTasks givenUpTasks(Books books, Tasks tasks, Limits limits, BookEvents events) {
        return new GivenUpTasks(announced(books, events), tasks, limits, RECEIPTS);
    }

    @Produces
    @Singleton
    FeedRetention feedRetention(Books books, Contacts contacts, FeedMarks marks, BookEvents events) {
        return new FeedRetention(announced(books, events), contacts, marks);
    }

    @Produces
    @Singleton
    BookReadings readings(
            Books books,
            BookPages pages,
            Contacts contacts,
            Tasks tasks,
            StoredTrees trees,
            UnsavedTrees unsaved,
            TreeCounts counts) {
        return new BookReadings(books, pages, contacts, tasks, new DigestTrees(pages, trees, unsaved, counts));
    }

    @Produces
    @Singleton
    UnsavedTrees unsavedTrees() {
        return new UnsavedTrees();
    }

    @Produces
    @Singleton
    Scrubs scrubs(Books books, Contacts contacts, ScrubRows rows, UnsavedTrees unsaved) {
        return new Scrubs(books, contacts, rows, unsaved::save, BookTree.LEAST_CONTACTS);
    }

    @Produces
    @Singleton
    HistoryReadings historyReadings(Books books, BookHistory history) {
        return new HistoryReadings(books, history);
    }

    @Produces
    @Singleton
    Restoring restoring(Books books, BookHistory history, BookPages pages, Limits limits) {
        return new Restoring(books, history, pages, limits);
    }

    @Produces
    @Singleton
    IndexRequests indexRequests() {
        return new IndexRequests();
    }

    @Produces
    @Singleton
    Lookups lookups(Books books, Contacts contacts, LookupRows rows, IndexRequests requests, LookupOptions options) {
        return new Lookups(books, contacts, rows, requests, new BlockList(options.blockList(), System::nanoTime));
    }

    @Produces
    @Singleton
    Indexing indexing(Books books, Contacts contacts, LookupRows rows, Limits limits) {
        return new Indexing(
                books, contacts, rows, Math.max(limits.bookBytes(), INDEX_BYTES * (long) limits.bookContacts()));
    }

    @Produces
    @Singleton
    Sightings sightings() {
        return new Sightings(System::nanoTime);
    }

    @Produces
    @Singleton
    Devices devices(Books books, DeviceRows rows) {
        return new Devices(books, rows);
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Whatever writes books gets them in this form. */
    private static Books announced(Books books, BookEvents events) {
        return new AnnouncedBooks(books, events);
    }
}
