package org.contactsync.sync;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;

/**
 * A task's row: while it is unfinished its place in the queue, afterwards the receipt of what came of it.
 *
 * @param book id of the book's row
 * @param priority background for an upload
 * @param firstCode the book it was made from
 * @param replyTo the request that brought it
 * @param expiresAt end of an unfinished upload's lease, or when a finished task is forgotten
 * @param attempts failed ones
 * @param answer once finished
 * @param applied once done: the book's sequence number and code after it
 * @param upload for the kinds that come in chunks, once they are open
 */
public record SyncTask(
        TaskId id,
        long book,
        TaskKind kind,
        TaskState state,
        Optional<DeviceId> device,
        Priority priority,
        Instant acceptedAt,
        RequestDigest digest,
        CheckCode firstCode,
        ReplyTo replyTo,
        Instant expiresAt,
        int attempts,
        Optional<Answer> answer,
        Optional<Applied> applied,
        Optional<UploadProgress> upload) {
    /** What the book was after the task. */
    public record Applied(long seq, CheckCode code) {}

    SyncTask finished(TaskState newState, Answer newAnswer, Optional<Applied> newApplied, Instant forgottenAt) {
        return with(newState, forgottenAt, attempts, Optional.of(newAnswer), newApplied, upload);
    }

    SyncTask renewed(UploadProgress progress, Instant leaseUntil) {
        return with(state, leaseUntil, attempts, answer, applied, Optional.of(progress));
    }

    /** Waiting again, as if it had been accepted now. */
    SyncTask takenUp(Instant now, Instant forgottenAt) {
        return new SyncTask(
                id,
                book,
                kind,
                TaskState.WAITING,
                device,
                priority,
                now,
                digest,
                firstCode,
                replyTo,
                forgottenAt,
                0,
                Optional.empty(),
                Optional.empty(),
                upload);
    }

    SyncTask attempted() {
        return with(state, expiresAt, attempts + 1, answer, applied, upload);
    }

    private SyncTask with(
            TaskState state,
            Instant expiresAt,
            int attempts,
            Optional<Answer> answer,
            Optional<Applied> applied,
            Optional<UploadProgress> upload) {
        return new SyncTask(
                id,
                book,
                kind,
                state,
                device,
                priority,
                acceptedAt,
                digest,
                firstCode,
                replyTo,
                expiresAt,
                attempts,
                answer,
                applied,
                upload);
    }
}
