package org.contactsync.sync;

import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.json.Answers;

/** Refusals that more than one kind of step gives. */
final class Refusals {
    private Refusals() {}

    static Answer keyReused() {
        return Answers.refused(new Problem.Plain(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "this Idempotency-Key came before with another request"));
    }

    static Answer noSuchTask() {
        return Answers.refused(new Problem.Plain(ProblemType.NOT_FOUND, "no such task"));
    }
}
