package org.contactsync.sync.waiting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.apply.KeptAnswers;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.Refusals;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Next;
import org.contactsync.sync.task.Replies.Reply;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.TaskViews;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.task.Tasks.Parked;
import org.contactsync.sync.task.Tasks.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Parks a task behind the waiting ones, within the number and the bytes that one user may have waiting, and in place of
 * older tasks that it contains. Reads payloads only of tasks that an earlier version parked, one after the other. Runs in
 * the caller's transaction, one at a time.
 */
final class Parking {
    private final Books books;
    private final Tasks tasks;
    private final KeptAnswers answers;
    private final StepCodec codec;
    private final TaskViews views;
    private final Limits limits;
    private final Instant now;

    Parking(
            Books books,
            Tasks tasks,
            KeptAnswers answers,
            StepCodec codec,
            TaskViews views,
            Limits limits,
            Instant now) {
        this.books = books;
        this.tasks = tasks;
        this.answers = answers;
        this.codec = codec;
        this.views = views;
        this.limits = limits;
        this.now = now;
    }

    /**
     * Parks the step and answers 202, or refuses it.
     *
     * @param task of the step, without a row
     * @param waiting all waiting tasks, in the order in which they run
     */
    Replies park(BookState book, ApplyChanges step, SyncTask task, List<SyncTask> waiting, Instant nextAttempt) {
        ReplyTo to = step.head().replyTo();
        List<SyncTask> old = tooOld(waiting);
        if (!old.isEmpty()) {
            Outcome stuck = new Refused(new Problem.QueueFull("a task of this user waited for too long"));
            List<Reply> replies = new ArrayList<>(expire(book, waiting, old));
            replies.add(new Reply(to, stuck, false));
            return new Replies(replies, Next.NOTHING);
        }
        Map<TaskId, Parked> parked =
                tasks.parked(book.id()).stream().collect(Collectors.toMap(Parked::task, Function.identity()));
        List<SyncTask> superseded = waiting.stream()
                .filter(other -> isSupersededBy(step, other, parked.get(other.id())))
                .toList();
        superseded.forEach(other -> parked.remove(other.id()));
        byte[] payload = codec.writeWaiting(step);
        Optional<Problem> full = full(parked, payload.length);
        if (full.isPresent()) {
            return Replies.of(to, new Refused(full.get()));
        }
        List<Reply> replies = new ArrayList<>();
        List<EndedTask> ended = new ArrayList<>();
        for (SyncTask older : superseded) {
            Outcome told = Refusals.finished(TaskState.SUPERSEDED);
            ended.add(ended(older, TaskState.SUPERSEDED, told));
            replies.add(new Reply(older.replyTo(), told, false));
        }
        tasks.insertWaiting(task, payload, Terms.of(step), nextAttempt);
        BookState saved = apply(book, parked.size() + 1, ended);
        replies.add(new Reply(to, new Outcome.Accepted(views.of(saved, task)), true));
        return new Replies(replies, Next.NOTHING);
    }

    /** The tasks whose turn did not come in time. */
    List<SyncTask> tooOld(List<SyncTask> waiting) {
        return waiting.stream()
                .filter(task -> !task.acceptedAt().plus(limits.queueAge()).isAfter(now))
                .toList();
    }

    /** Ends tasks that have waited too long. */
    List<Reply> expire(BookState book, List<SyncTask> waiting, List<SyncTask> old) {
        Outcome expired = new Refused(new Problem.Plain(
                ProblemType.TASK_EXPIRED,
                "the task's turn did not come in " + limits.queueAge() + "; nothing was applied"));
        List<EndedTask> ended = old.stream()
                .map(task -> ended(task, TaskState.EXPIRED, expired))
                .toList();
        apply(book, waiting.size() - old.size(), ended);
        return old.stream()
                .map(task -> new Reply(task.replyTo(), expired, false))
                .toList();
    }

    private EndedTask ended(SyncTask task, TaskState state, Outcome kept) {
        return new EndedTask(answers.ended(task, state, kept, now.plus(limits.taskRetention())), true, now);
    }

    private BookState apply(BookState book, int openTasks, List<EndedTask> ended) {
        return books.apply(new BookUpdate(book, book.withOpenTasks(openTasks), ContactChanges.NONE, ended));
    }

    private Optional<Problem> full(Map<TaskId, Parked> others, long bytes) {
        if (others.size() >= limits.queuedTasks()) {
            return Optional.of(new Problem.QueueFull("at most " + limits.queuedTasks() + " tasks of a user wait"));
        }
        long all = bytes + others.values().stream().mapToLong(Parked::bytes).sum();
        return all > limits.queuedBytes()
                ? Optional.of(new Problem.QueueFull(
                        "the tasks of a user that wait have at most " + limits.queuedBytes() + " bytes"))
                : Optional.empty();
    }

    private boolean isSupersededBy(ApplyChanges step, SyncTask waiting, @Nullable Parked parked) {
        return parked != null
                && Supersession.mayBe(step, waiting)
                && parked.terms()
                        .or(() -> readTerms(waiting.id()))
                        .filter(terms -> Supersession.of(step, waiting, terms))
                        .isPresent();
    }

    /**
     * An unreadable task must not prevent others from being parked: its own attempts give it up, or a newer version runs
     * it.
     */
    private Optional<Terms> readTerms(TaskId task) {
        try {
            return tasks.payload(task).map(waiting -> Terms.of(codec.readWaiting(waiting.payload())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
