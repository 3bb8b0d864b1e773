package org.contactsync.protocol;

import java.time.Duration;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * The answer to a step of work, as it is stored with the task, carried back and sent: a repeated request gets the same.
 *
 * @param status HTTP status
 * @param checkCode for the {@code ETag}
 * @param task for the {@code Location} of a 201 or 202
 * @param retryAfter for {@code Retry-After}
 * @param body JSON text; empty for a 204
 */
public record Answer(
        int status, Optional<CheckCode> checkCode, Optional<TaskId> task, Optional<Duration> retryAfter, String body) {
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

    public boolean isProblem() {
        return status >= 400;
    }
}
