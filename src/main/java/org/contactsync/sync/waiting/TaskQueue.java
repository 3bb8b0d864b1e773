package org.contactsync.sync.waiting;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.apply.IncrementalTasks;
import org.contactsync.sync.apply.IncrementalTasks.Decision;
import org.contactsync.sync.apply.IncrementalTasks.Turn;
import org.contactsync.sync.apply.KeptAnswers;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.step.NewerStepException;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.Refusals;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Next;
import org.contactsync.sync.task.Replies.Reply;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.TaskViews;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.task.WaitingOrder;

/**
 * The queue of an owner: runs an incremental task at once, or parks it behind an upload or earlier tasks, and runs waiting
 * tasks in the order of acceptance. Runs in the caller's transaction, one at a time.
 */
public final class TaskQueue {
    /** A parked task is given up after this many failed attempts. */
    private static final int MOST_ATTEMPTS = 6;

    /** First wait after a failed attempt; doubled after each further one. */
    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    /** The message of a task that its request thread parked is in flight; the sweeper need not send another. */
    private static final Duration MESSAGE_UNDER_WAY = Duration.ofSeconds(15);

    private final Books books;
    private final Tasks tasks;
    private final IncrementalTasks incremental;
    private final Parking parking;
    private final KeptAnswers answers;
    private final StepCodec codec;
    private final TaskViews views;
    private final Limits limits;
    private final Instant now;
    private final Locked locked;

    public TaskQueue(
            Books books,
            Tasks tasks,
            IncrementalTasks incremental,
            KeptAnswers answers,
            StepCodec codec,
            TaskViews views,
            Limits limits,
            Locked locked) {
        this.books = books;
        this.tasks = tasks;
        this.incremental = incremental;
        this.answers = answers;
        this.codec = codec;
        this.views = views;
        this.limits = limits;
        this.now = locked.now();
        this.locked = locked;
        parking = new Parking(books, tasks, answers, codec, views, limits, now);
    }

    /**
     * Runs the step if it is its turn, otherwise parks it.
     *
     * @param earlierTried the caller has run the tasks before it; those that still wait cannot run yet
     */
    public Replies run(BookState book, ApplyChanges step, boolean earlierTried) {
        boolean free = book.hold().isEmpty() && book.openTasks() == 0;
        // The usual case: it is run at once, and a row that was added since the lock looked for it is found out by its
        // update.
        Optional<SyncTask> known = free ? locked.task(step.task()) : tasks.find(step.task());
        if (known.isPresent()) {
            if (known.get().book() != book.id()) {
                return Replies.of(step.head().replyTo(), Refusals.keyOfErasedBook());
            }
            Optional<Outcome> stored = answers.repeated(book, known.get(), step);
            if (stored.isPresent()) {
                return Replies.of(step.head().replyTo(), stored.get());
            }
        }
        if (book.hold().isEmpty() && book.openTasks() > 0) {
            List<SyncTask> order = orderWith(known.orElseGet(() -> newTask(book, step)));
            if (order.get(0).id().equals(step.task())) {
                return decideAndWrite(book, step, known);
            }
            if (!earlierTried) {
                return isLast(order, step.task())
                        ? Replies.none(Next.EARLIER_FIRST)
                        : withItsPlace(book, step, known).thenRunWaiting();
            }
        } else if (book.hold().isEmpty()) {
            return decideAndWrite(book, step, known);
        }
        return withItsPlace(book, step, known);
    }

    /**
     * A step that was run at once.
     *
     * @param book as its row is now
     */
    public record Ran(Outcome told, BookUpdate update, BookState book) {}

    /** Runs a step with nothing in its way: no upload holds the book, no task waits, and its own has no row. */
    public Ran runFree(BookState book, ApplyChanges step) {
        Decision decision = incremental.run(book, step, new Turn(newTask(book, step), false), 0);
        return new Ran(decision.told(), decision.update(), books.apply(decision.update()));
    }

    /** The same, but what comes of it is the caller's to write; empty if more than the contacts of its changes has to be read. */
    public Optional<Decision> decideIfNothingElseIsRead(BookState book, ApplyChanges step) {
        return incremental.runIfNothingElseIsRead(book, step, new Turn(newTask(book, step), false));
    }

    /** Parks the step of a request whose wait has expired: 202, or the outcome if there is one by now. */
    public Replies parkFromRequest(BookState book, ApplyChanges step) {
        Optional<SyncTask> known = tasks.find(step.task());
        if (known.isEmpty()) {
            return park(book, step, now.plus(MESSAGE_UNDER_WAY));
        }
        ReplyTo to = step.head().replyTo();
        if (known.get().book() != book.id()) {
            return Replies.of(to, Refusals.keyOfErasedBook());
        }
        return answers.repeated(book, known.get(), step)
                .map(outcome -> Replies.of(to, outcome))
                .orElseGet(() -> Replies.parked(to, new Outcome.Accepted(views.of(book, known.get()))));
    }

    /**
     * Runs the first waiting task if it may run now; ends tasks that have waited too long. A task parked by a newer version
     * stays the first, however often this is called.
     */
    public Replies runNextWaiting(BookState book) {
        List<SyncTask> waiting = waiting(book);
        List<SyncTask> old = parking.tooOld(waiting);
        if (!old.isEmpty()) {
            return new Replies(parking.expire(book, waiting, old), Next.RUN_WAITING);
        }
        if (book.hold().isPresent()) {
            return Replies.none(Next.NOTHING);
        }
        if (waiting.isEmpty()) {
            if (book.openTasks() != 0) {
                books.save(book, book.withOpenTasks(0));
            }
            return Replies.none(Next.NOTHING);
        }
        SyncTask first = waiting.get(0);
        if (first.attempts() > 0 && pauses(first)) {
            return Replies.none(Next.NOTHING);
        }
        Outcome outcome;
        try {
            byte[] payload = tasks.payload(first.id()).orElseThrow().payload();
            ApplyChanges step = codec.readWaiting(payload);
            outcome = write(incremental.run(book, step, new Turn(first, true), waiting.size() - 1));
        } catch (NewerStepException e) {
            // It keeps its turn, and this is not a failed attempt.
            return Replies.none(Next.ELSEWHERE);
        } catch (RuntimeException e) {
            throw new WaitingTaskException(first.id(), e);
        }
        return Replies.of(first.replyTo(), outcome, waiting.size() > 1 ? Next.RUN_WAITING : Next.NOTHING);
    }

    /** Whether a failed task must not be tried again yet. */
    private boolean pauses(SyncTask task) {
        return tasks.parked(task.book()).stream()
                .anyMatch(parked ->
                        parked.task().equals(task.id()) && parked.nextAttempt().isAfter(now));
    }

    /** Counts a failed attempt of a waiting task; gives it up after too many, so that the next can run. */
    public Replies countFailedAttempt(BookState book, TaskId failed) {
        List<SyncTask> waiting = waiting(book);
        Optional<SyncTask> found =
                waiting.stream().filter(each -> each.id().equals(failed)).findFirst();
        if (found.isEmpty()) {
            // Another transaction has run it meanwhile.
            return Replies.none(Next.RUN_WAITING);
        }
        SyncTask task = found.get().attempted();
        if (task.attempts() < MOST_ATTEMPTS) {
            tasks.retryLater(task, now.plus(BACK_OFF.multipliedBy(1L << task.attempts() - 1)));
            return Replies.none(Next.NOTHING);
        }
        Outcome outcome = new Refused(new Problem.Plain(
                ProblemType.TASK_FAILED, "the task failed " + task.attempts() + " times and was given up"));
        SyncTask finished = answers.ended(task, TaskState.FAILED, outcome, now.plus(limits.taskRetention()));
        // First: what it wanted would go with its row.
        tasks.giveUp(finished, now, limits.queuedBytes());
        end(book, finished, waiting.size() - 1);
        return Replies.of(task.replyTo(), outcome, Next.RUN_WAITING);
    }

    /** Cancels a waiting task. */
    public Replies cancel(BookState book, SyncTask task, ReplyTo to) {
        Outcome told = Refusals.finished(TaskState.CANCELLED);
        SyncTask cancelled = answers.ended(task, TaskState.CANCELLED, told, now.plus(limits.taskRetention()));
        end(book, cancelled, Math.max(0, book.openTasks() - 1));
        return new Replies(
                List.of(new Reply(to, new Outcome.Gone(), false), new Reply(task.replyTo(), told, false)),
                Next.RUN_WAITING);
    }

    private Replies decideAndWrite(BookState book, ApplyChanges step, Optional<SyncTask> known) {
        if (known.isEmpty()) {
            Turn first = new Turn(newTask(book, step), false);
            return answered(step, write(incremental.run(book, step, first, book.openTasks())), book.openTasks());
        }
        int openTasks = Math.max(0, book.openTasks() - 1);
        Turn waited = new Turn(known.get(), true);
        return answered(step, write(incremental.run(book, step, waited, openTasks)), openTasks);
    }

    private Outcome write(Decision decision) {
        books.apply(decision.update());
        return decision.told();
    }

    private void end(BookState book, SyncTask ended, int openTasks) {
        books.apply(BookUpdate.ending(book, book.withOpenTasks(openTasks), new EndedTask(ended, true, now)));
    }

    private static Replies answered(ApplyChanges step, Outcome outcome, int openTasks) {
        return Replies.of(step.head().replyTo(), outcome, openTasks > 0 ? Next.RUN_WAITING : Next.NOTHING);
    }

    /** Answers 202: the task waits, from now on or already. */
    private Replies withItsPlace(BookState book, ApplyChanges step, Optional<SyncTask> known) {
        return known.map(task -> Replies.parked(step.head().replyTo(), new Outcome.Accepted(views.of(book, task))))
                .orElseGet(() -> park(book, step, now));
    }

    private Replies park(BookState book, ApplyChanges step, Instant nextAttempt) {
        return parking.park(book, step, newTask(book, step), waiting(book), nextAttempt);
    }

    private SyncTask newTask(BookState book, ApplyChanges step) {
        return new SyncTask(
                step.task(),
                book.id(),
                TaskKind.INCREMENTAL,
                TaskState.WAITING,
                step.head().device(),
                step.priority(),
                now,
                step.digest(),
                step.firstCode(),
                step.head().replyTo(),
                now.plus(limits.taskRetention()),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The waiting tasks, in the order in which they run. */
    private List<SyncTask> waiting(BookState book) {
        return WaitingOrder.of(tasks.waiting(book.id()));
    }

    /** The same including a task that waits already, or would be the latest. */
    private List<SyncTask> orderWith(SyncTask task) {
        List<SyncTask> accepted = new ArrayList<>(tasks.waiting(task.book()));
        if (accepted.stream().noneMatch(other -> other.id().equals(task.id()))) {
            accepted.add(task);
        }
        return WaitingOrder.of(accepted);
    }

    private static boolean isLast(List<SyncTask> order, TaskId task) {
        return order.get(order.size() - 1).id().equals(task);
    }
}
