package org.contactsync.sync.task;

import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;

/** Refusals shared by several kinds of steps. */
public final class Refusals {
    private Refusals() {}

    public static Refused keyReused() {
        return new Refused(new Problem.Plain(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "this Idempotency-Key came before with another request"));
    }

    public static Refused noSuchTask() {
        return new Refused(new Problem.Plain(ProblemType.NOT_FOUND, "no such task"));
    }

    public static Refused finished(TaskState state) {
        return new Refused(new Problem.TaskFinished(state));
    }
}
