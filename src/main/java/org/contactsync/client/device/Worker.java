package org.contactsync.client.device;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.contactsync.client.local.ProcessLock;
import org.contactsync.client.queue.QueuedTask;
import org.contactsync.client.queue.TaskQueue;

/** The thread that runs tasks, once no other process does. */
final class Worker {
    private static final Logger LOG = Logger.getLogger("org.contactsync.client");

    /** Another process may have added a task, or have ended. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** After these another attempt may help, later; after 401 when the token was renewed. */
    private static final Set<Integer> PASSING = Set.of(401, 408, 429, 500, 502, 503, 504);

    private final SyncClient client;
    private final TaskQueue queue;
    private final Path lockFile;
    private final Clock clock;
    private final Connection connection;
    private final Thread thread = new Thread(this::work, "contact-sync client");
    private final Object bell = new Object();
    private Optional<QueuedTask> running = Optional.empty();
    private boolean rung;
    private boolean closed;
    private boolean paused;
    private boolean cancelled;
    private Instant nextLook = Instant.MAX;
    private boolean failing;
    private volatile Optional<Throwable> error = Optional.empty();

    Worker(SyncClient client, Path lockFile, Clock clock) {
        this.client = client;
        this.queue = client.queue();
        this.lockFile = lockFile;
        this.clock = clock;
        this.connection = new Connection(client, clock);
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

    /** What has ended the work though nobody closed it. */
    Optional<Throwable> error() {
        return error;
    }

    private void work() {
        try {
            workUntilClosed();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.SEVERE, "the client has ended: {0}", e.getClass().getName());
            error = Optional.of(e);
            client.ended(e);
        }
    }

    private void workUntilClosed() {
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
                client.finishElsewhere();
            } catch (IOException | LocalDatabaseFailure e) {
                tellFailure(e);
            }
            rest(LOOK);
        }
    }

    /** Once: what does not work now is tried again each second. */
    private void tellFailure(Exception reason) {
        if (!failing && !isClosed()) {
            failing = true;
            LOG.log(Level.WARNING, "local database: {0}", reason.getMessage());
            client.tell(new SyncEvent.DatabaseFailed(reason));
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
            Optional<QueuedTask> task = take();
            if (task.isPresent()) {
                runOne(task.get());
                failing = false;
                continue;
            }
            failing = false;
            client.finishElsewhere();
            rest(LOOK);
            if (!clock.instant().isBefore(nextLook)) {
                client.hint();
                scheduleLook();
            }
        }
    }

    /** Not while it is paused, nor after somebody has begun to pause it. */
    private Optional<QueuedTask> take() {
        synchronized (bell) {
            return paused ? Optional.empty() : queue.take();
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
            SyncReport report = connection.run(task);
            end();
            if (report.outcome() instanceof SyncReport.Outcome.KeepsChanging) {
                later(task, "keeps-changing", Duration.ZERO);
            } else {
                List<Long> ids = queue.remove(task);
                client.tell(new SyncEvent.Finished(task, report));
                ids.forEach(id -> client.finished(id, report));
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
            if (mayPass(problem)) {
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

    /** Whether another attempt may help, later. */
    static boolean mayPass(ServerProblem problem) {
        return PASSING.contains(problem.status()) || problem.code().equals("book-keeps-changing");
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
        List<Long> ids = queue.remove(task);
        client.tell(new SyncEvent.Failed(task, reason));
        ids.forEach(id -> client.failed(id, reason));
    }

    private void later(QueuedTask task, String reason, Duration least) {
        client.tell(new SyncEvent.Later(queue.later(task, reason, least), reason));
    }
}
