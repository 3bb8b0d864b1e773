package org.contactsync.sync;

import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.TaskState;

/** Refusals that more than one kind of step gives. */
final class Refusals {
    private Refusals() {}

    static Refused keyReused() {
        return new Refused(new Problem.Plain(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "this Idempotency-Key came before with another request"));
    }

    static Refused noSuchTask() {
        return new Refused(new Problem.Plain(ProblemType.NOT_FOUND, "no such task"));
    }

    static Refused finished(TaskState state) {
        return new Refused(new Problem.TaskFinished(state));
    }
}
