package org.contactsync.sync.step;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.IncrementalSync;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.UploadCommit;
import org.contactsync.protocol.UploadPlan;

/**
 * One step of work on one owner's book: one message, one transaction. Whoever treats kinds of steps differently does it with
 * {@link #match} or with a {@code switch} over {@link #kind} that has a result and no default: a new kind does not compile until each
 * of these places has it.
 */
public sealed interface Step {
    Head head();

    StepKind kind();

    default Owner owner() {
        return head().owner();
    }

    default TaskId task() {
        return head().task();
    }

    /** What the function for its kind says of it. */
    default <R> R match(
            Function<ApplyChanges, R> applyChanges,
            Function<OpenUpload, R> openUpload,
            Function<PutChunk, R> putChunk,
            Function<CommitUpload, R> commitUpload,
            Function<CancelTask, R> cancelTask,
            Function<RunWaiting, R> runWaiting) {
        return switch (kind()) {
            case APPLY_CHANGES -> applyChanges.apply((ApplyChanges) this);
            case OPEN_UPLOAD -> openUpload.apply((OpenUpload) this);
            case PUT_CHUNK -> putChunk.apply((PutChunk) this);
            case COMMIT_UPLOAD -> commitUpload.apply((CommitUpload) this);
            case CANCEL_TASK -> cancelTask.apply((CancelTask) this);
            case RUN_WAITING -> runWaiting.apply((RunWaiting) this);
        };
    }

    /**
     * What every step carries.
     *
     * @param acceptedAt when the request came in, by the clock of its instance: nothing is in order by it
     */
    record Head(Owner owner, TaskId task, Optional<DeviceId> device, Instant acceptedAt, ReplyTo replyTo) {}

    /** An incremental sync, whole. */
    record ApplyChanges(Head head, RequestDigest digest, CheckCode firstCode, IncrementalSync sync, Priority priority)
            implements Step {
        /** One in the background. */
        public ApplyChanges(Head head, RequestDigest digest, CheckCode firstCode, IncrementalSync sync) {
            this(head, digest, firstCode, sync, Priority.BACKGROUND);
        }

        @Override
        public StepKind kind() {
            return StepKind.APPLY_CHANGES;
        }
    }

    /** Opens an upload in chunks. */
    record OpenUpload(Head head, RequestDigest digest, UploadPlan plan) implements Step {
        @Override
        public StepKind kind() {
            return StepKind.OPEN_UPLOAD;
        }
    }

    /**
     * One chunk of an upload.
     *
     * @param number from 1
     * @param digest of the bytes as they were sent
     */
    record PutChunk(Head head, int number, RequestDigest digest, List<Change> changes) implements Step {
        public PutChunk {
            changes = List.copyOf(changes);
        }

        @Override
        public StepKind kind() {
            return StepKind.PUT_CHUNK;
        }
    }

    /** Ends an upload: verify, then switch. */
    record CommitUpload(Head head, UploadCommit commit) implements Step {
        @Override
        public StepKind kind() {
            return StepKind.COMMIT_UPLOAD;
        }
    }

    /** The client takes a task back. */
    record CancelTask(Head head) implements Step {
        @Override
        public StepKind kind() {
            return StepKind.CANCEL_TASK;
        }
    }

    /** Ends an upload whose lease has run out, and runs what waits. The task named may be any of the owner's. */
    record RunWaiting(Head head) implements Step {
        @Override
        public StepKind kind() {
            return StepKind.RUN_WAITING;
        }
    }
}
