package org.contactsync.protocol;

import java.time.Duration;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * An answer as it goes over the wire, and as it is kept with its task: a repeated request gets the same, to the last byte. Only
 * {@code protocol.json} makes one and the edges read one; everybody else passes it on.
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
