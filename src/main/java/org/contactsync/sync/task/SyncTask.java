package org.contactsync.sync.task;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;

/**
 * A task's row: its place in the queue while it is unfinished, the receipt of its outcome afterwards.
 *
 * @param book id of the book's row
 * @param priority {@code BACKGROUND} for an upload
 * @param firstCode the check code of the book it was made from
 * @param replyTo the request that submitted it
 * @param expiresAt when the lease of an unfinished upload ends, or when a finished task is deleted
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
    /** The book after the task. */
    public record Applied(long seq, CheckCode code) {}

    public SyncTask finished(TaskState newState, Answer newAnswer, Optional<Applied> newApplied, Instant forgottenAt) {
        return with(newState, forgottenAt, attempts, Optional.of(newAnswer), newApplied, upload);
    }

    public SyncTask renewed(UploadProgress progress, Instant leaseUntil) {
        return with(state, leaseUntil, attempts, answer, applied, Optional.of(progress));
    }

    /** The task, waiting again as if it had just been accepted. */
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

    public SyncTask attempted() {
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
