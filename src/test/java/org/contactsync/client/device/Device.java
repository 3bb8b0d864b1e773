package org.contactsync.client.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.JdbcSqlite;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;

/** A device whose tasks run in the thread of the test. */
final class Device implements AutoCloseable {
    static final RetryPolicy BRIEF = new RetryPolicy(2, 2, Duration.ZERO, Duration.ZERO);

    final AddressBook book;
    final LocalDatabase database;
    final List<SyncEvent> events = new ArrayList<>();
    SyncOptions options = SyncOptions.USUAL;
    Clock clock = Clock.systemUTC();
    OnStep onStep = step -> {};
    private final Account account;

    /** What a test does in the middle of a task. */
    interface OnStep {
        void done(Step step) throws IOException;
    }

    /** @param database a file; made when it is not there */
    Device(Account server, String name, AddressBook book, Path database) throws IOException {
        this.account = new Account(server.server(), server.token(), Optional.of(new DeviceId(name)));
        this.book = book;
        this.database = LocalDatabase.open(JdbcSqlite.open(database));
        this.database.takeTurn();
    }

    SyncReport sync() throws ServerUnreachable, ServerRefusal, IOException {
        return sync(false, Priority.BACKGROUND);
    }

    SyncReport sync(boolean confirmed, Priority priority) throws ServerUnreachable, ServerRefusal, IOException {
        return sync(confirmed ? Consent.DELETES : Consent.NOTHING, priority);
    }

    SyncReport sync(Consent consent, Priority priority) throws ServerUnreachable, ServerRefusal, IOException {
        BookClient client = new BookClient(account, BRIEF, duration -> {}, Progress.SILENT);
        Run run = new Run(database, options, clock, this::event);
        return new SyncTask(client, book, run, UUID::randomUUID, Progress.SILENT, consent, priority).run();
    }

    private void event(SyncEvent event) {
        events.add(event);
        if (event instanceof SyncEvent.StepDone done) {
            try {
                onStep.done(done.step());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
