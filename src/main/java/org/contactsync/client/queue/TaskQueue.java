package org.contactsync.client.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.client.local.Sql;
import org.contactsync.protocol.Priority;

/** The queue of one account. Thread-safe, also between processes. */
public final class TaskQueue {
    /** Equal ones merge, so that a program that reaches this repeats itself in ever new words. */
    private static final int MOST_TASKS = 100;

    /** Protocol 7.4. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** Before the id of a task that is a part of another one; the value is the id of that one. */
    private static final String MERGED = "merged-task ";

    private final LocalDatabase database;
    private final Sql sql;
    private final Clock clock;
    private final DoubleSupplier random;

    /** @param random from 0 to 1; pauses are up to half as long again */
    public TaskQueue(LocalDatabase database, Clock clock, DoubleSupplier random) {
        this.database = database;
        this.sql = database.sql();
        this.clock = clock;
        this.random = random;
    }

    /**
     * Adds a task, or merges it with an equal one that waits: that one keeps its place, and is a person's from now on if this one is.
     *
     * @return the task as it waits, stored
     * @throws IllegalStateException when too many different tasks wait
     */
    public QueuedTask add(String kind, String options, Priority priority) {
        return sql.inTransaction(() -> {
            List<QueuedTask> tasks = unfinished();
            Optional<QueuedTask> equal = tasks.stream()
                    .filter(each -> !each.isRunning()
                            && each.kind().equals(kind)
                            && each.options().equals(options))
                    .findFirst();
            if (equal.isPresent()) {
                if (priority == Priority.USER) {
                    sql.execute(
                            "UPDATE task SET priority = 1, not_before = 0 WHERE id = ?",
                            equal.get().id());
                }
                return get(equal.get().id());
            }
            if (tasks.size() >= MOST_TASKS) {
                throw new IllegalStateException("tasks: at most " + MOST_TASKS + " wait");
            }
            sql.execute(
                    "INSERT INTO task (kind, options, priority, running, attempts, not_before, reason) VALUES (?, ?, ?, 0, 0, 0, '')",
                    kind,
                    options,
                    priority == Priority.USER ? 1L : 0L);
            long[] id = {0};
            sql.query("SELECT last_insert_rowid()", row -> id[0] = row.number(0));
            return get(id[0]);
        });
    }

    /** What is unfinished, in the order in which it will run: the running one first. */
    public List<QueuedTask> unfinished() {
        List<QueuedTask> tasks = new ArrayList<>();
        sql.query(
                "SELECT id, kind, options, priority, running, attempts, not_before, reason FROM task"
                        + " ORDER BY running DESC, priority DESC, id",
                row -> tasks.add(task(row)));
        return tasks;
    }

    /** Whether the task is not finished yet, itself or as a part of another one. */
    public boolean isUnfinished(long id) {
        long[] into = {id};
        sql.query("SELECT text FROM value WHERE name = ?", row -> into[0] = Long.parseLong(row.text(0)), MERGED + id);
        return unfinished().stream().anyMatch(task -> task.id() == into[0]);
    }

    /** Takes a waiting task back; what was merged into it is still to be done. */
    public boolean cancel(long id) {
        return sql.inTransaction(() -> {
            if (sql.execute("DELETE FROM value WHERE name = ?", MERGED + id) > 0) {
                return true;
            }
            List<Long> merged = merged(id);
            if (merged.isEmpty()) {
                return sql.execute("DELETE FROM task WHERE id = ? AND running = 0", id) > 0;
            }
            long heir = merged.get(0);
            boolean waits = sql.execute("UPDATE task SET id = ? WHERE id = ? AND running = 0", heir, id) > 0;
            if (waits) {
                sql.execute("DELETE FROM value WHERE name = ?", MERGED + heir);
                merge(id, heir);
            }
            return waits;
        });
    }

    /** The tasks that were merged into one that had begun. */
    private List<Long> merged(long into) {
        List<Long> merged = new ArrayList<>();
        sql.query(
                "SELECT name FROM value WHERE name LIKE '" + MERGED + "%' AND text = ? ORDER BY name",
                row -> merged.add(Long.parseLong(row.text(0).substring(MERGED.length()))),
                Long.toString(into));
        return merged;
    }

    private void merge(long one, long into) {
        sql.execute(
                "UPDATE value SET text = ? WHERE name LIKE '" + MERGED + "%' AND text = ?",
                Long.toString(into),
                Long.toString(one));
    }

    /**
     * When a program begins: an agreement of a person holds for the process in which it was given. What was to be done with one is still to be
     * done, without it.
     */
    public void endConsents() {
        sql.execute("UPDATE task SET options = '' WHERE options <> ''");
    }

    /** After a crash, by the process that runs tasks from now on: what ran waits again. */
    public void recover() {
        database.write(() -> {
            unfinished().stream().filter(QueuedTask::isRunning).forEach(this::putBack);
            return 0;
        });
    }

    /** The next task that is due, as running from now on; empty when none is. */
    public Optional<QueuedTask> take() {
        return database.write(() -> {
            Instant now = clock.instant();
            Optional<QueuedTask> next =
                    unfinished().stream().filter(task -> isDue(task, now)).findFirst();
            next.ifPresent(task -> sql.execute("UPDATE task SET running = 1 WHERE id = ?", task.id()));
            return next.map(task -> get(task.id()));
        });
    }

    /** When the next task is due; empty when none waits. */
    public Optional<Instant> nextDue() {
        Instant now = clock.instant();
        return unfinished().stream()
                .filter(task -> !task.isRunning())
                .map(task -> isDue(task, now) ? now : task.notBefore())
                .min(Instant::compareTo);
    }

    /**
     * It is done, or has failed for good.
     *
     * @return its id, and those of the tasks that were merged into it
     */
    public List<Long> remove(QueuedTask task) {
        return database.write(() -> {
            List<Long> all = new ArrayList<>(List.of(task.id()));
            all.addAll(merged(task.id()));
            sql.execute("DELETE FROM task WHERE id = ?", task.id());
            sql.execute("DELETE FROM value WHERE name LIKE '" + MERGED + "%' AND text = ?", Long.toString(task.id()));
            return all;
        });
    }

    /**
     * It was interrupted, and waits again. A waiting one that has become equal is merged into it: whoever waits for that one waits for this
     * one now.
     */
    public void putBack(QueuedTask task) {
        database.write(() -> {
            boolean ofPerson = task.priority() == Priority.USER;
            for (QueuedTask each : unfinished()) {
                if (each.id() != task.id() && each.isEqualWork(task)) {
                    ofPerson |= each.priority() == Priority.USER;
                    sql.execute("DELETE FROM task WHERE id = ?", each.id());
                    merge(each.id(), task.id());
                    database.setValue(MERGED + each.id(), Long.toString(task.id()));
                }
            }
            return sql.execute(
                    "UPDATE task SET running = 0, priority = ?, attempts = ?, not_before = ?, reason = ? WHERE id = ?",
                    ofPerson ? 1L : 0L,
                    (long) task.attempts(),
                    task.notBefore().toEpochMilli(),
                    task.reason().orElse(""),
                    task.id());
        });
    }

    /**
     * It failed, and another attempt may help: it waits, longer after each failure.
     *
     * @param least what the server asked for
     */
    public QueuedTask later(QueuedTask task, String reason, Duration least) {
        Duration own = SHORTEST_PAUSE.multipliedBy(1L << Math.min(task.attempts(), 20));
        Duration pause = own.compareTo(least) > 0 ? own : least;
        Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        long spread = (long) (bounded.toMillis() / 2.0 * random.getAsDouble());
        QueuedTask waiting = task.later(clock.instant().plus(bounded).plusMillis(spread), reason);
        putBack(waiting);
        return waiting;
    }

    /** Far in the future means that the clock was set back. */
    private static boolean isDue(QueuedTask task, Instant now) {
        return !task.isRunning()
                && (!task.notBefore().isAfter(now)
                        || task.notBefore().isAfter(now.plus(LONGEST_PAUSE.multipliedBy(2))));
    }

    private QueuedTask get(long id) {
        return unfinished().stream()
                .filter(task -> task.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the task is gone"));
    }

    private static QueuedTask task(Sql.Row row) {
        return new QueuedTask(
                row.number(0),
                row.text(1),
                row.text(2),
                row.number(3) == 1 ? Priority.USER : Priority.BACKGROUND,
                row.number(4) == 1,
                (int) row.number(5),
                Instant.ofEpochMilli(row.number(6)),
                Optional.of(row.text(7)).filter(reason -> !reason.isEmpty()));
    }
}
