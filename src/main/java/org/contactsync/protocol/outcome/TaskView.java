package org.contactsync.protocol.outcome;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;

/**
 * A sync task as its owner sees it.
 *
 * @param position tasks ahead of it; 0 when it is its turn or it has finished
 * @param priority of a task that does not come in chunks
 * @param upload what has come of an upload
 * @param expiresAt when an upload ends by itself, or a finished task is forgotten
 * @param outcome of a finished task
 */
public record TaskView(
        TaskId id,
        TaskKind kind,
        TaskState state,
        int position,
        Optional<DeviceId> device,
        Optional<Priority> priority,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Upload> upload,
        Optional<Outcome> outcome) {
    /** @param checkCode the running code, once a chunk has come */
    public record Upload(int nextChunk, int chunks, long contacts, long received, Optional<CheckCode> checkCode) {}
}
