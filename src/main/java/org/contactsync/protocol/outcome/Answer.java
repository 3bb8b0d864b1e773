package org.contactsync.protocol.outcome;

import java.time.Duration;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.TaskId;

/**
 * An answer as it is sent, and as it is stored with its task: a repeated request gets the same bytes. {@code protocol.json}
 * creates answers and the edges read them. All other code only passes them on.
 *
 * @param status HTTP status
 * @param checkCode for the {@code ETag}
 * @param task for the {@code Location} of a 201 or 202
 * @param retryAfter for {@code Retry-After}
 * @param body JSON text; empty for a 204
 */
public record Answer(
        int status, Optional<CheckCode> checkCode, Optional<TaskId> task, Optional<Duration> retryAfter, String body) {
    public boolean isProblem() {
        return status >= 400;
    }
}
