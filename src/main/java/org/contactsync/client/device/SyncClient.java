package org.contactsync.client.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.event.EventStream;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.local.ConflictCopy;
import org.contactsync.client.local.JdbcSqlite;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.client.local.Sql;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.client.queue.TaskQueue;
import org.contactsync.client.remote.Hashes;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.Priority;

/**
 * Keeps an address book and one account of a server the same. Several may be opened on one account, also in several processes: one of them
 * works, and another one takes over when it ends. Thread-safe.
 */
public final class SyncClient implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("org.contactsync.client");
    static final String SYNC = "sync";

    private final Supplier<Account> account;
    private final AddressBook book;
    private final LocalDatabase database;
    private final HttpPort http;
    private final TaskQueue queue;
    private final SyncOptions options;
    private final Worker worker;
    private final List<SyncListener> listeners = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> sources = new CopyOnWriteArrayList<>();
    private final Reports reports = new Reports();

    /** A task that was taken back is gone before its report says so. */
    private final Object cancelling = new Object();

    private SyncClient(
            Supplier<Account> account,
            AddressBook book,
            LocalDatabase database,
            HttpPort http,
            Path lock,
            SyncOptions options) {
        this.account = account;
        this.book = book;
        this.database = database;
        this.http = http;
        this.options = options;
        Clock clock = Clock.systemUTC();
        this.queue =
                new TaskQueue(database, clock, () -> ThreadLocalRandom.current().nextDouble());
        this.worker = new Worker(this, lock, clock);
    }

    /** With the usual options and a token that does not change. */
    public static SyncClient open(Account account, AddressBook book, Path directory) throws IOException {
        return open(() -> account, book, directory, SyncOptions.USUAL);
    }

    /**
     * Opens the local database of an account, in SQLite; {@link #start} begins the work.
     *
     * @param account asked now and before each task, so that its token can be renewed; server and user stay the same
     * @param directory of the databases of all accounts; it is made, and only its owner may enter it
     */
    public static SyncClient open(Supplier<Account> account, AddressBook book, Path directory, SyncOptions options)
            throws IOException {
        WholeFile.makePrivateDirectory(directory);
        byte[] identity = account.get().identity().getBytes(StandardCharsets.UTF_8);
        String name = Hashes.sha256Hex(identity).substring(0, 32);
        return open(
                account,
                book,
                JdbcSqlite.open(directory.resolve(name + ".db")),
                directory.resolve(name + ".db.lock"),
                options);
    }

    /** On any SQLite, over the HTTP client of the JDK. */
    public static SyncClient open(
            Supplier<Account> account, AddressBook book, Sql sql, Path lock, SyncOptions options) {
        return open(account, book, sql, JdkHttp.to(account.get().server()), lock, options);
    }

    /**
     * On any SQLite and over any HTTP, as on Android.
     *
     * @param sql closed with the client
     * @param http stays open
     * @param lock a file that is made, beside the database
     */
    public static SyncClient open(
            Supplier<Account> account, AddressBook book, Sql sql, HttpPort http, Path lock, SyncOptions options) {
        SyncClient client = new SyncClient(account, book, LocalDatabase.open(sql), http, lock, options);
        client.queue.endConsents();
        return client;
    }

    public SyncClient listen(SyncListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Begins the work: what was left unfinished goes on, and changes on either side are carried over from now on. */
    public SyncClient start() throws IOException {
        worker.start();
        sources.add(book.watch(this::hint));
        if (options.events()) {
            sources.add(EventStream.start(account, http, event -> {
                if (!event.isBy(account)) {
                    hint();
                }
            }));
        }
        if (!options.period().isZero()) {
            hint();
        }
        return this;
    }

    /** Looks at both sides as soon as possible, e.g. because a push message came. Without a difference it costs one request. */
    public void hint() {
        try {
            add("", Priority.BACKGROUND);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "task not added: {0}", e.getClass().getSimpleName());
        }
    }

    /** Synchronises now; a person waits. */
    public CompletableFuture<SyncReport> sync() {
        return sync(Priority.USER);
    }

    /** The report comes when the task is done; a failure that may pass is tried again until then. */
    public CompletableFuture<SyncReport> sync(Priority priority) {
        return wait(add("", priority));
    }

    /**
     * As {@link #sync()}, and a person has agreed that most of a book is deleted. The agreement holds for the process in which it was given: it
     * ends when a client is opened on this account, and the task is done without it.
     */
    public CompletableFuture<SyncReport> syncConfirmingDeletes() {
        return wait(add(Consent.DELETES.options(), Priority.USER));
    }

    /**
     * As {@link #sync()}, and a person has agreed that a book that was erased, or that the server has lost, is filled again. It holds as long as
     * that of {@link #syncConfirmingDeletes}.
     */
    public CompletableFuture<SyncReport> syncBeginningAnew() {
        return wait(add(Consent.BEGIN_ANEW.options(), Priority.USER));
    }

    private QueuedTask add(String how, Priority priority) {
        QueuedTask task = queue.add(SYNC, how, priority);
        tell(new SyncEvent.Added(task));
        worker.wake();
        return task;
    }

    private CompletableFuture<SyncReport> wait(QueuedTask task) {
        CompletableFuture<SyncReport> report = reports.of(task.id());
        worker.error().ifPresent(error -> reports.failed(task.id(), error));
        worker.wake();
        return report;
    }

    /** What is unfinished, in the order in which it will run. */
    public List<QueuedTask> unfinished() {
        return queue.unfinished();
    }

    /** Takes a task back: one that waits does not run, one that runs ends soon. Nothing is half done. */
    public boolean cancel(QueuedTask task) {
        synchronized (cancelling) {
            boolean cancelled = queue.cancel(task.id()) || worker.cancel(task);
            if (cancelled) {
                reports.cancel(task.id());
            }
            return cancelled;
        }
    }

    /** No task is begun until {@link #resume}; nothing is deleted anywhere. */
    public void pause() {
        worker.setPaused(true);
    }

    public void resume() {
        worker.setPaused(false);
    }

    /** The cards that gave way in conflicts, until {@link #dropConflict}. */
    public List<ConflictCopy> conflicts() {
        return database.conflicts().all();
    }

    public void dropConflict(ConflictCopy copy) {
        database.conflicts().drop(copy.id());
    }

    /** Ends the work soon; what is unfinished goes on when the client is opened again. */
    @Override
    public void close() {
        for (AutoCloseable source : sources) {
            try {
                source.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "source not closed: {0}", e.getClass().getSimpleName());
            }
        }
        worker.close();
        reports.cancelAll();
        database.close();
    }

    Supplier<Account> account() {
        return account;
    }

    HttpPort http() {
        return http;
    }

    AddressBook book() {
        return book;
    }

    LocalDatabase database() {
        return database;
    }

    TaskQueue queue() {
        return queue;
    }

    SyncOptions options() {
        return options;
    }

    void tell(SyncEvent event) {
        for (SyncListener listener : listeners) {
            try {
                listener.event(event);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "listener failed: {0}", e.getClass().getSimpleName());
            }
        }
    }

    void finished(long task, SyncReport report) {
        reports.finished(task, report);
    }

    void failed(long task, Exception reason) {
        reports.failed(task, reason);
    }

    /** Nobody works any more: whoever waits is told so. */
    void ended(Throwable error) {
        reports.failAll(error);
        tell(new SyncEvent.Ended(error));
    }

    /** The unexpected error that has ended the work of this client; tasks that are added later fail with it, too. */
    public Optional<Throwable> error() {
        return worker.error();
    }

    /** Of tasks that another process has finished. */
    void finishElsewhere() {
        List<Long> over;
        synchronized (cancelling) {
            over = reports.awaited().stream()
                    .filter(task -> !queue.isUnfinished(task))
                    .toList();
        }
        over.forEach(task -> finished(task, SyncReport.elsewhere()));
    }
}
