package org.contactsync.protocol.json;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem;

/** Turns an outcome into an answer: status, headers and JSON. Nothing else creates answers. */
public final class Answers {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int NO_CONTENT = 204;

    private Answers() {}

    /** Deterministic: equal outcomes give byte-identical answers. */
    public static Answer of(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return answer(
                    OK, Optional.of(applied.result().checkCode()), Optional.empty(), AnswerJson.of(applied.result()));
        }
        if (outcome instanceof Outcome.Refused refused) {
            return refused(refused.problem());
        }
        if (outcome instanceof Outcome.Accepted accepted) {
            TaskId id = accepted.task().id();
            return answer(ACCEPTED, Optional.empty(), Optional.of(id), AnswerJson.of(accepted.task()));
        }
        if (outcome instanceof Outcome.Opened opened) {
            TaskId id = opened.task().id();
            return answer(CREATED, Optional.empty(), Optional.of(id), AnswerJson.of(opened.task()));
        }
        if (outcome instanceof Outcome.Acknowledged acknowledged) {
            return answer(OK, Optional.empty(), Optional.empty(), AnswerJson.of(acknowledged.chunk()));
        }
        if (outcome instanceof Outcome.Gone) {
            return answer(NO_CONTENT, Optional.empty(), Optional.empty(), "");
        }
        return ((Outcome.Told) outcome).answer();
    }

    public static Answer refused(Problem problem) {
        return new Answer(
                problem.type().status(),
                Optional.empty(),
                Optional.empty(),
                problem.retryAfter(),
                ProblemJson.of(problem));
    }

    private static Answer answer(int status, Optional<CheckCode> code, Optional<TaskId> task, String body) {
        return new Answer(status, code, task, Optional.empty(), body);
    }
}
