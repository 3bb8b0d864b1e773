package org.contactsync.api.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/**
 * The steps of one upload that this instance fills. A step whose answer means "later" is sent again for a limited time; while something
 * else has its turn, no thread waits. Whatever else prevents the upload ends it, and is kept as its answer. One thread at a time.
 */
final class FilledUpload {
    private static final FailureLog LOG = FailureLog.of(FilledUpload.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** While its request still waits for nothing else. */
    private static final Duration OPENING = Duration.ofSeconds(5);

    /** For its turn, which something else has; then for all chunks together: removed rows still count, or the database is away. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For a commit that may be under way: longer than its transaction can take. */
    private static final Duration COMMIT = Duration.ofMinutes(10);

    /** For its end. Without one the lease ends the upload. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private final Instance instance;
    private final Step.Head head;
    private final RequestDigest digest;

    private boolean mayOpenLater;

    /** What is left of it for chunks: whoever has them refused for a while has a place only for as long, however many they are. */
    private Duration patience = PATIENCE;

    /** The instance that fills the upload. */
    interface Instance {
        Outcome run(Step step);

        /** Ends the upload, unless it has ended; what a repeated request is answered from then on. */
        Outcome end(Step.Head head, TaskState state, Outcome kept);

        /** The same of one that may not be open yet: then it is not opened any more. */
        Outcome endUnopened(Step.OpenUpload step, TaskState state, Outcome kept);

        /** Whether the instance has been asked to stop. */
        boolean stops();

        /** The head of the next step of the same upload. */
        Step.Head next(Step.Head head);

        Instant now();

        void pause(Duration time) throws InterruptedException;

        /** Whether the upload may have its turn and this instance has room for it. */
        boolean begins(Step.Head head);

        /** Gives the room to others, and goes on after that time, or when the instance stops. */
        CompletionStage<Outcome> later(Duration time, Supplier<CompletionStage<Outcome>> next);

        /** The owner's book as it is. */
        Optional<BookState> book(Owner owner);
    }

    FilledUpload(Instance instance, Step.Head head, RequestDigest digest) {
        this.instance = instance;
        this.head = head;
        this.digest = digest;
    }

    /** Says that a step was refused for good. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final TaskState state;
        private final transient Outcome outcome;

        Stopped(TaskState state, Outcome outcome) {
            super("a step was refused", null, false, false);
            this.state = state;
            this.outcome = outcome;
        }
    }

    /** Says that something else has its turn before this upload. */
    private static final class NotItsTurn extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotItsTurn() {
            super("not its turn", null, false, false);
        }
    }

    /**
     * Opens, fills and commits the upload that a plan needs.
     *
     * @param opened called when the upload is open
     */
    CompletionStage<Outcome> restore(Restoring restoring, Reading<RestorePlan> reading, Runnable opened) {
        UploadPlan upload = reading.value().upload(reading.checkCode());
        Outcome open = open(upload);
        if (!StepAnswers.isOpen(open)) {
            return CompletableFuture.completedFuture(notOpened(open, upload));
        }
        opened.run();
        // While it waits for its turn it holds no list of contacts.
        BookState book = reading.book();
        RestorePlan plan = reading.value().withoutList();
        return complete(() -> putAll(restoring, book, plan));
    }

    private void putAll(Restoring restoring, BookState book, RestorePlan plan) {
        int[] number = {0};
        try {
            restoring.chunks(book, plan, changes -> put(++number[0], changes));
        } catch (ProblemException e) {
            throw new ProblemException(PlannedFor.reason(e, book, () -> instance.book(head.owner())));
        }
    }

    /** Opens the upload; what the step was answered. */
    Outcome open(UploadPlan plan) {
        return again(OPENING, () -> instance.stops() ? StepAnswers.stopping() : tryToOpen(plan), StepAnswers::isLater);
    }

    private Outcome tryToOpen(UploadPlan plan) {
        Outcome outcome;
        try {
            outcome = instance.run(new Step.OpenUpload(instance.next(head), digest, plan));
        } catch (RuntimeException e) {
            LOG.warning("answer to the opening of a restore not received", context(), e);
            outcome = StepAnswers.unknown();
        }
        mayOpenLater |= StepAnswers.isUnknown(outcome);
        return outcome;
    }

    /** Ends what may have been opened although nobody was told, or may be opened later: the step may still be on its way. */
    private Outcome notOpened(Outcome open, UploadPlan plan) {
        if (!StepAnswers.isLater(open) && !StepAnswers.isFailure(open)) {
            return open;
        }
        Outcome late = late();
        Outcome ended = mayOpenLater
                ? end(() -> instance.endUnopened(new Step.OpenUpload(head, digest, plan), TaskState.EXPIRED, late))
                : end(TaskState.EXPIRED, late);
        return StepAnswers.isOfNoTask(ended) ? open : ended;
    }

    /** Fills and commits an open upload when it has its turn, or ends it with what prevented that. */
    CompletionStage<Outcome> complete(Runnable chunks) {
        return complete(chunks, instance.now().plus(PATIENCE));
    }

    private CompletionStage<Outcome> complete(Runnable chunks, Instant until) {
        Optional<Outcome> outcome = instance.stops() ? Optional.empty() : fill(chunks);
        if (outcome.isPresent()) {
            return CompletableFuture.completedFuture(outcome.get());
        }
        return instance.stops() || !instance.now().isBefore(until)
                ? CompletableFuture.completedFuture(end(TaskState.EXPIRED, late()))
                : instance.later(PAUSE, () -> complete(chunks, until));
    }

    /** Empty when it is not its turn. */
    private Optional<Outcome> fill(Runnable chunks) {
        try {
            if (!instance.begins(head)) {
                return Optional.empty();
            }
            chunks.run();
            Supplier<Step> commit = () -> new Step.CommitUpload(instance.next(head), commit());
            return Optional.of(done(repeat(COMMIT, StepAnswers::isLater, commit)));
        } catch (NotItsTurn e) {
            return Optional.empty();
        } catch (Stopped e) {
            return Optional.of(e.state == TaskState.FAILED ? fail(e.outcome) : end(e.state, e.outcome));
        } catch (ProblemException e) {
            return Optional.of(fail(new Refused(e.problem())));
        } catch (RuntimeException e) {
            LOG.warning("restore failed", context(), e);
            return Optional.of(fail(StepAnswers.failed()));
        }
    }

    /** While the instance stops, whatever fails does so for this reason. */
    private Outcome fail(Outcome why) {
        return instance.stops() ? end(TaskState.EXPIRED, late()) : end(TaskState.FAILED, why);
    }

    /** Only before the first chunk is taken others may have their turn. */
    void put(int number, List<Change> changes) {
        RequestDigest own = RequestDigest.of("restore chunk " + number + " " + digest.hex(), new byte[0]);
        boolean first = number == 1;
        Instant start = instance.now();
        int[] refused = {0};
        Outcome outcome = repeat(
                patience,
                answer -> {
                    boolean later = StepAnswers.isLater(answer) && !(first && StepAnswers.isOfTurn(answer));
                    refused[0] += later ? 1 : 0;
                    return later;
                },
                () -> new Step.PutChunk(instance.next(head), number, own, changes));
        if (refused[0] > 0) {
            patience = patience.minus(Duration.between(start, instance.now()));
        }
        if (first && StepAnswers.isOfTurn(outcome)) {
            throw new NotItsTurn();
        }
        done(outcome);
    }

    static UploadCommit commit() {
        return new UploadCommit(Optional.empty(), true);
    }

    private Outcome done(Outcome outcome) {
        if (StepAnswers.isDone(outcome)) {
            return outcome;
        }
        if (StepAnswers.isLater(outcome)) {
            throw new Stopped(TaskState.EXPIRED, late());
        }
        throw new Stopped(TaskState.FAILED, StepAnswers.isFailure(outcome) ? StepAnswers.failed() : outcome);
    }

    private Outcome repeat(Duration patience, Predicate<Outcome> later, Supplier<Step> step) {
        return again(patience, () -> instance.stops() ? StepAnswers.stopping() : instance.run(step.get()), later);
    }

    /** Attempts something until the result is final, the time is over, or this instance stops. */
    private <T> T again(Duration patience, Supplier<T> attempt, Predicate<T> later) {
        Instant until = instance.now().plus(patience);
        T result = attempt.get();
        while (later.test(result) && !instance.stops() && instance.now().isBefore(until) && pauses()) {
            result = attempt.get();
        }
        return result;
    }

    /** A failure leaves the upload to its lease. */
    private Outcome end(TaskState state, Outcome kept) {
        return end(() -> instance.end(head, state, kept));
    }

    private Outcome end(Supplier<Outcome> end) {
        return again(ENDING, () -> tryToEnd(end), Optional::isEmpty).orElseGet(StepAnswers::unknown);
    }

    private Optional<Outcome> tryToEnd(Supplier<Outcome> end) {
        try {
            return Optional.of(end.get());
        } catch (RuntimeException e) {
            LOG.warning("restore not ended; its lease ends it if nothing else does", context(), e);
            return Optional.empty();
        }
    }

    /** False when the thread has to end. */
    private boolean pauses() {
        try {
            instance.pause(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String context() {
        return "task=" + head.task() + " owner=" + head.owner().key();
    }

    private Outcome late() {
        return StepAnswers.late(instance.stops());
    }
}
