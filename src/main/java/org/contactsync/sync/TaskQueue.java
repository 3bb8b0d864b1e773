package org.contactsync.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Books.Locked;
import org.contactsync.sync.IncrementalTasks.Decision;
import org.contactsync.sync.Replies.Next;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.Step.ApplyChanges;

/**
 * Whose turn it is: runs an incremental task at once, or parks it behind an upload or earlier tasks, and runs what waits
 * in the order it was accepted. One transaction, the caller's, at one time.
 */
final class TaskQueue {
    /** A parked task whose attempts failed so often is given up. */
    private static final int MOST_ATTEMPTS = 6;

    /** First wait after a failed attempt; doubled with each further one. */
    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    /** The message of a task that its request thread parked is under way; the sweeper need not send another. */
    private static final Duration MESSAGE_UNDER_WAY = Duration.ofSeconds(15);

    private final Books books;
    private final Contacts contacts;
    private final Tasks tasks;
    private final IncrementalTasks incremental;
    private final Parking parking;
    private final KeptAnswers answers;
    private final StepCodec codec;
    private final TaskViews views;
    private final Limits limits;
    private final Instant now;
    private final boolean unseen;

    TaskQueue(
            Books books,
            Contacts contacts,
            Tasks tasks,
            IncrementalTasks incremental,
            KeptAnswers answers,
            StepCodec codec,
            TaskViews views,
            Limits limits,
            Locked locked) {
        this.books = books;
        this.contacts = contacts;
        this.tasks = tasks;
        this.incremental = incremental;
        this.answers = answers;
        this.codec = codec;
        this.views = views;
        this.limits = limits;
        this.now = locked.now();
        this.unseen = locked.unseen();
        parking = new Parking(books, tasks, answers, codec, views, limits, now);
    }

    /**
     * Runs the step when it is its turn, otherwise parks it.
     *
     * @param earlierTried the caller has run what waits before it; what still waits cannot run yet
     */
    Replies run(BookState book, ApplyChanges step, boolean earlierTried) {
        boolean free = book.hold().isEmpty() && book.openTasks() == 0;
        // The usual case: a task that was added since it was looked for is found out when it is added.
        Optional<SyncTask> known = free && unseen ? Optional.empty() : tasks.find(step.task());
        if (known.isPresent()) {
            Optional<Outcome> stored = answers.repeated(book, known.get(), step);
            if (stored.isPresent()) {
                return Replies.of(step.head().replyTo(), stored.get());
            }
        }
        if (book.hold().isEmpty() && book.openTasks() > 0) {
            List<SyncTask> order = orderWith(known.orElseGet(() -> newTask(book, step)));
            if (order.get(0).id().equals(step.task())) {
                return runNow(book, step, known);
            }
            if (!earlierTried) {
                return isLast(order, step.task())
                        ? Replies.none(Next.EARLIER_FIRST)
                        : withItsPlace(book, step, known).thenRunWaiting();
            }
        } else if (book.hold().isEmpty()) {
            return runNow(book, step, known);
        }
        return withItsPlace(book, step, known);
    }

    /** What the request thread does when its wait has run out: 202, or the outcome when there is one by now. */
    Replies parkFromRequest(BookState book, ApplyChanges step) {
        Optional<SyncTask> known = tasks.find(step.task());
        if (known.isEmpty()) {
            return park(book, step, now.plus(MESSAGE_UNDER_WAY));
        }
        ReplyTo to = step.head().replyTo();
        return answers.repeated(book, known.get(), step)
                .map(outcome -> Replies.of(to, outcome))
                .orElseGet(() -> Replies.parked(to, new Outcome.Accepted(views.of(book, known.get()))));
    }

    /** Runs the first waiting task, when it may run now; ends those that have waited for too long. */
    Replies runNextWaiting(BookState book) {
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
            ApplyChanges step = (ApplyChanges) codec.read(payload);
            outcome = write(book, incremental.run(book, step, first, waiting.size() - 1));
        } catch (RuntimeException e) {
            throw new WaitingTaskException(first.id(), e);
        }
        return Replies.of(first.replyTo(), outcome, waiting.size() > 1 ? Next.RUN_WAITING : Next.NOTHING);
    }

    /** Whether a task that failed is not to be tried again yet. */
    private boolean pauses(SyncTask task) {
        return tasks.parked(task.book()).stream()
                .anyMatch(parked ->
                        parked.task().equals(task.id()) && parked.nextAttempt().isAfter(now));
    }

    /** Counts a failed attempt of a waiting task; gives it up after too many, so that the next can run. */
    Replies attemptFailed(BookState book, TaskId failed) {
        List<SyncTask> waiting = waiting(book);
        Optional<SyncTask> found =
                waiting.stream().filter(each -> each.id().equals(failed)).findFirst();
        if (found.isEmpty()) {
            // Somebody else has run it meanwhile.
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
        tasks.giveUp(finished, now, limits.queuedBytes());
        books.save(book, book.withOpenTasks(waiting.size() - 1));
        return Replies.of(task.replyTo(), outcome, Next.RUN_WAITING);
    }

    /** Takes a waiting task back. */
    Replies cancel(BookState book, SyncTask task, ReplyTo to) {
        Outcome told = Refusals.finished(TaskState.CANCELLED);
        tasks.update(answers.ended(task, TaskState.CANCELLED, told, now.plus(limits.taskRetention())));
        books.save(book, book.withOpenTasks(Math.max(0, book.openTasks() - 1)));
        return new Replies(
                List.of(new Reply(to, new Outcome.Gone(), false), new Reply(task.replyTo(), told, false)),
                Next.RUN_WAITING);
    }

    private Replies runNow(BookState book, ApplyChanges step, Optional<SyncTask> known) {
        if (known.isEmpty()) {
            Decision decision = incremental.run(book, step, newTask(book, step), book.openTasks());
            return answered(step, add(book, decision), book.openTasks());
        }
        int openTasks = Math.max(0, book.openTasks() - 1);
        return answered(step, write(book, incremental.run(book, step, known.get(), openTasks)), openTasks);
    }

    /**
     * Writes what came of a task that has no row.
     *
     * @throws StaleBookException when it has one that the lock's statement did not see
     */
    private Outcome add(BookState book, Decision decision) {
        if (decision.book().equals(book)) {
            if (unseen && tasks.find(decision.task().id()).isPresent()) {
                throw new StaleBookException(book.id(), book.revision());
            }
            tasks.insert(decision.task());
        } else {
            books.save(book, decision.book(), decision.writes(), decision.task());
        }
        return decision.told();
    }

    /** Writes what came of a task that has a row. */
    private Outcome write(BookState book, Decision decision) {
        if (!decision.writes().isEmpty()) {
            contacts.write(book.id(), book.generation(), decision.writes());
        }
        if (!decision.book().equals(book)) {
            books.save(book, decision.book());
        }
        tasks.update(decision.task());
        return decision.told();
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

    /** What waits in the order in which it runs. */
    private List<SyncTask> waiting(BookState book) {
        return WaitingOrder.of(tasks.waiting(book.id()));
    }

    /** The same with a task that waits already, or would be the latest. */
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
