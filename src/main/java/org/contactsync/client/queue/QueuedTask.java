package org.contactsync.client.queue;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.protocol.Priority;

/**
 * A task of the client that is not finished.
 *
 * @param kind what is to be done, e.g. {@code sync}
 * @param options how; equal kind and options make equal tasks
 * @param isRunning it is being worked on; otherwise it waits
 * @param attempts that failed
 * @param notBefore when it may run again; {@link Instant#EPOCH}: now
 * @param reason the code of its last failure
 */
public record QueuedTask(
        long id,
        String kind,
        String options,
        Priority priority,
        boolean isRunning,
        int attempts,
        Instant notBefore,
        Optional<String> reason) {
    QueuedTask later(Instant time, String why) {
        return new QueuedTask(id, kind, options, priority, false, attempts + 1, time, Optional.of(why));
    }

    boolean isEqualWork(QueuedTask other) {
        return kind.equals(other.kind) && options.equals(other.options);
    }
}
