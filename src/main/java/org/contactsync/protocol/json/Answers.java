package org.contactsync.protocol.json;

import java.util.Optional;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.ChunkAck;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskView;

/** Makes answers: status, headers and JSON. */
public final class Answers {
    private Answers() {}

    public static Answer done(SyncResult result) {
        return new Answer(
                200, Optional.of(result.checkCode()), Optional.empty(), Optional.empty(), AnswerJson.of(result));
    }

    public static Answer acknowledged(ChunkAck ack) {
        return new Answer(200, Optional.empty(), Optional.empty(), Optional.empty(), AnswerJson.of(ack));
    }

    /** 201: the upload is open. */
    public static Answer created(TaskView task) {
        return new Answer(201, Optional.empty(), Optional.of(task.id()), Optional.empty(), AnswerJson.of(task));
    }

    /** 202: the task is in the database and its outcome not known yet. */
    public static Answer accepted(TaskView task) {
        return new Answer(202, Optional.empty(), Optional.of(task.id()), Optional.empty(), AnswerJson.of(task));
    }

    public static Answer noContent() {
        return new Answer(204, Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    public static Answer refused(Problem problem) {
        return new Answer(
                problem.type().status(),
                Optional.empty(),
                Optional.empty(),
                problem.retryAfter(),
                ProblemJson.of(problem));
    }
}
