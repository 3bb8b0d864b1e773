package org.contactsync.client.device;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.contactsync.client.local.ProcessLock;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.client.queue.TaskQueue;
import org.contactsync.client.remote.BookClient;

/** The thread that runs tasks, once no other process does. */
final class Worker {
    private static final Logger LOG = Logger.getLogger("org.contactsync.client");

    /** Another process may have added a task, or have ended. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration LONGEST_CONNECTION = Duration.ofMinutes(10);

    /** After these another attempt may help, later; after 401 when the token was renewed. */
    private static final Set<Integer> PASSING = Set.of(401, 408, 429, 500, 502, 503, 504);

    private final SyncClient client;
    private final TaskQueue queue;
    private final Path lockFile;
    private final Clock clock;
    private final Thread thread = new Thread(this::work, "contact-sync client");
    private final Object bell = new Object();
    private Optional<QueuedTask> running = Optional.empty();
    private Optional<Account> known = Optional.empty();
    private Optional<BookClient> connection = Optional.empty();
    private Instant connected = Instant.EPOCH;
    private boolean rung;
    private boolean closed;
    private boolean paused;
    private boolean cancelled;
    private Instant nextLook = Instant.MAX;

    Worker(SyncClient client, Path lockFile, Clock clock) {
        this.client = client;
        this.queue = client.queue();
        this.lockFile = lockFile;
        this.clock = clock;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void wake() {
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }

    void setPaused(boolean now) {
        synchronized (bell) {
            paused = now;
        }
        wake();
    }

    boolean cancel(QueuedTask task) {
        synchronized (bell) {
            if (running.filter(each -> each.id() == task.id()).isEmpty()) {
                return false;
            }
            cancelled = true;
            thread.interrupt();
            return true;
        }
    }

    void close() {
        synchronized (bell) {
            closed = true;
            thread.interrupt();
            bell.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        synchronized (bell) {
            return closed;
        }
    }

    private void work() {
        boolean told = false;
        while (!isClosed()) {
            try {
                Optional<ProcessLock> lock = ProcessLock.tryLock(lockFile);
                if (lock.isPresent()) {
                    work(lock.get());
                } else if (!told) {
                    told = true;
                    client.tell(new SyncEvent.WaitsForProcess());
                }
            } catch (IOException | LocalDatabaseFailure e) {
                LOG.log(Level.WARNING, "local database: {0}", e.getMessage());
            }
            client.finishElsewhere();
            rest(LOOK);
        }
    }

    private void work(ProcessLock given) throws IOException {
        try (ProcessLock lock = given) {
            client.database().takeTurn();
            queue.recover();
            runTasks();
        }
    }

    private void runTasks() {
        scheduleLook();
        while (!isClosed()) {
            Optional<QueuedTask> task = isPaused() ? Optional.empty() : queue.take();
            if (task.isPresent()) {
                runOne(task.get());
                continue;
            }
            client.finishElsewhere();
            rest(LOOK);
            if (!clock.instant().isBefore(nextLook)) {
                client.hint();
                scheduleLook();
            }
        }
    }

    private boolean isPaused() {
        synchronized (bell) {
            return paused;
        }
    }

    private void scheduleLook() {
        Duration period = client.options().period();
        long spread =
                (long) (period.toMillis() * (0.5 + ThreadLocalRandom.current().nextDouble()));
        nextLook = period.isZero() ? Instant.MAX : clock.instant().plusMillis(spread);
    }

    /** Until it is woken, for a time at most. */
    private void rest(Duration most) {
        synchronized (bell) {
            try {
                if (!rung && !closed) {
                    bell.wait(most.toMillis());
                }
            } catch (InterruptedException e) {
                // closed, or a cancellation that came when the task was over
            }
            rung = false;
        }
    }

    private void runOne(QueuedTask task) {
        synchronized (bell) {
            running = Optional.of(task);
            cancelled = false;
        }
        client.tell(new SyncEvent.Started(task));
        try {
            SyncReport report = run(task);
            end();
            if (report.outcome() instanceof SyncReport.Outcome.KeepsChanging) {
                later(task, "keeps-changing", Duration.ZERO);
            } else {
                queue.remove(task);
                client.tell(new SyncEvent.Finished(task, report));
                client.finished(task.id(), report);
            }
        } catch (ServerUnreachable | IOException e) {
            boolean asked = end();
            if (asked) {
                failed(task, new CancellationException("cancelled"));
            } else if (isClosed()) {
                queue.putBack(task);
            } else {
                later(task, e instanceof IOException ? "address-book" : "unreachable", Duration.ZERO);
            }
        } catch (ServerRefusal e) {
            end();
            ServerProblem problem = e.problem();
            if (PASSING.contains(problem.status()) || problem.code().equals("book-keeps-changing")) {
                later(task, problem.code(), Duration.ZERO);
            } else {
                failed(task, e);
            }
        } catch (LocalDatabaseFailure e) {
            end();
            throw e;
        } catch (RuntimeException e) {
            end();
            LOG.log(Level.SEVERE, "task failed: {0}", e.getClass().getName());
            failed(task, e);
        }
    }

    /** No interrupt is meant for the task any more. @return whether it was cancelled */
    private boolean end() {
        synchronized (bell) {
            running = Optional.empty();
            Thread.interrupted();
            return cancelled;
        }
    }

    private void failed(QueuedTask task, Exception reason) {
        queue.remove(task);
        client.tell(new SyncEvent.Failed(task, reason));
        client.failed(task.id(), reason);
    }

    private void later(QueuedTask task, String reason, Duration least) {
        client.tell(new SyncEvent.Later(queue.later(task, reason, least), reason));
    }

    private SyncReport run(QueuedTask task) throws ServerUnreachable, ServerRefusal, IOException {
        Account account = client.account().get();
        if (known.filter(each -> !each.identity().equals(account.identity())).isPresent()) {
            throw new IllegalStateException("account: another user or server than before");
        }
        Progress progress = new TaskProgress(client::tell);
        BookClient book = connection(account, progress);
        Run run = new Run(client.database(), client.options(), clock, client::tell);
        boolean confirmed = task.options().equals(SyncClient.CONFIRMED);
        return new SyncTask(book, client.book(), run, UUID::randomUUID, progress, confirmed, task.priority()).run();
    }

    /** One for many tasks, as long as the token is the same; a new one now and then asks for the server's limits again. */
    private BookClient connection(Account account, Progress progress) {
        boolean isOld = clock.instant().isAfter(connected.plus(LONGEST_CONNECTION));
        if (connection.isEmpty() || isOld || !known.equals(Optional.of(account))) {
            connection = Optional.of(new BookClient(account, RetryPolicy.DEFAULT, Pause.SLEEPING, progress));
            connected = clock.instant();
            known = Optional.of(account);
        }
        return connection.get();
    }
}
