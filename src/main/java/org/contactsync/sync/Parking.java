package org.contactsync.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Outcome;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.Replies.Next;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.Step.ApplyChanges;
import org.contactsync.sync.Tasks.Parked;
import org.contactsync.sync.Tasks.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Gives a task its place behind those that wait: within the number and the bytes that one user may have waiting, and in the
 * place of older tasks that it contains. Reads no payload, but of tasks that an earlier version parked, one after the
 * other. One transaction, the caller's, at one time.
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
     * Parks the step and answers 202, or says why not.
     *
     * @param task of the step, without a row
     * @param waiting all that wait, in the order in which they run
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
        byte[] payload = codec.write(step);
        Optional<Problem> full = full(parked, payload.length);
        if (full.isPresent()) {
            return Replies.of(to, new Refused(full.get()));
        }
        List<Reply> replies = new ArrayList<>();
        for (SyncTask older : superseded) {
            Outcome told = Refusals.finished(TaskState.SUPERSEDED);
            tasks.update(finished(older, TaskState.SUPERSEDED, told));
            replies.add(new Reply(older.replyTo(), told, false));
        }
        tasks.insertWaiting(task, payload, Terms.of(step), nextAttempt);
        BookState saved = books.save(book, book.withOpenTasks(parked.size() + 1));
        replies.add(new Reply(to, new Outcome.Accepted(views.of(saved, task)), true));
        return new Replies(replies, Next.NOTHING);
    }

    /** Those whose turn did not come in time. */
    List<SyncTask> tooOld(List<SyncTask> waiting) {
        return waiting.stream()
                .filter(task -> !task.acceptedAt().plus(limits.queueAge()).isAfter(now))
                .toList();
    }

    /** Ends what has waited for too long. */
    List<Reply> expire(BookState book, List<SyncTask> waiting, List<SyncTask> old) {
        Outcome expired = new Refused(new Problem.Plain(
                ProblemType.TASK_EXPIRED,
                "the task's turn did not come in " + limits.queueAge() + "; nothing was applied"));
        for (SyncTask task : old) {
            tasks.update(finished(task, TaskState.EXPIRED, expired));
        }
        books.save(book, book.withOpenTasks(waiting.size() - old.size()));
        return old.stream()
                .map(task -> new Reply(task.replyTo(), expired, false))
                .toList();
    }

    private SyncTask finished(SyncTask task, TaskState state, Outcome kept) {
        return answers.ended(task, state, kept, now.plus(limits.taskRetention()));
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

    /** What cannot be read must not keep others from waiting too: its own attempts give it up. */
    private Optional<Terms> readTerms(TaskId task) {
        try {
            return tasks.payload(task).map(waiting -> Terms.of((ApplyChanges) codec.read(waiting.payload())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
