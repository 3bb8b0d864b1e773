package org.contactsync.api.history;

import java.time.Duration;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;

/** What the answers to the steps of an upload mean to who fills it, also those of another instance, of which only the JSON is known. */
final class StepAnswers {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int FAILED = 500;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private StepAnswers() {}

    static boolean isDone(Outcome outcome) {
        return Answers.of(outcome).status() == OK;
    }

    static boolean isOpen(Outcome outcome) {
        return Answers.of(outcome).status() == CREATED;
    }

    /** Whether the same step may be taken later. */
    static boolean isLater(Outcome outcome) {
        Answer answer = Answers.of(outcome);
        return answer.isProblem() && answer.retryAfter().isPresent();
    }

    /** Whether it says {@code task-waiting}. */
    static boolean isOfTurn(Outcome outcome) {
        return isLater(outcome) && Answers.of(outcome).status() == CONFLICT;
    }

    static boolean isFailure(Outcome outcome) {
        return Answers.of(outcome).status() >= FAILED;
    }

    /** Whether the step may have been taken, or may be taken later, all the same. */
    static boolean isUnknown(Outcome outcome) {
        return isFailure(outcome) && !isLater(outcome)
                || outcome instanceof Refused refused
                        && refused.problem() instanceof Problem.Unavailable unavailable
                        && unavailable.reason() == UnavailableReason.OUTCOME_UNKNOWN;
    }

    static boolean isOfNoTask(Outcome outcome) {
        return Answers.of(outcome).status() == NOT_FOUND;
    }

    static Outcome late(boolean stops) {
        return new Refused(new Problem.Plain(
                ProblemType.TASK_EXPIRED,
                stops
                        ? "the instance that restored the book stopped; nothing was changed"
                        : "the restore's turn did not come in time; nothing was changed"));
    }

    static Outcome failed() {
        return new Refused(
                new Problem.Plain(ProblemType.TASK_FAILED, "the restore failed, and the failure was logged"));
    }

    static Outcome stopping() {
        return new Refused(new Problem.Unavailable(UnavailableReason.STOPPING, RETRY));
    }

    static Outcome unknown() {
        return new Refused(new Problem.Unavailable(UnavailableReason.OUTCOME_UNKNOWN, RETRY));
    }
}
