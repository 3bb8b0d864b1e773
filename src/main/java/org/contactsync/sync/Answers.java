package org.contactsync.sync;

import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;

/** Refusals that more than one kind of step gives. */
final class Answers {
    private Answers() {}

    static Answer keyReused() {
        return Answer.refused(new Problem.Plain(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "this Idempotency-Key came before with another request"));
    }

    static Answer noSuchTask() {
        return Answer.refused(new Problem.Plain(ProblemType.NOT_FOUND, "no such task"));
    }
}
