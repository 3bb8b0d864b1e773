package org.contactsync.sync.task;

import java.time.Duration;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;

/** Refusals shared by several kinds of steps. */
public final class Refusals {
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private Refusals() {}

    public static Refused keyReused() {
        return new Refused(new Problem.Plain(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "this Idempotency-Key came before with another request"));
    }

    /**
     * The key of a task of a book that the user has erased (protocol 4.23.3). Its row is removed within moments; until then it answers nothing,
     * and no other task can have its place.
     */
    public static Refused keyOfErasedBook() {
        return new Refused(new Problem.Unavailable(UnavailableReason.BOOK_IN_USE, MOMENT));
    }

    public static Refused noSuchTask() {
        return new Refused(new Problem.Plain(ProblemType.NOT_FOUND, "no such task"));
    }

    public static Refused finished(TaskState state) {
        return new Refused(new Problem.TaskFinished(state));
    }
}
