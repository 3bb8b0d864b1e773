package org.contactsync.sync.step;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;

/**
 * One step of work on one owner's book: one message, one transaction. Code that distinguishes kinds of steps uses
 * {@link #match}, or a {@code switch} over {@link #kind} that has a result and no default: a new kind does not compile
 * until all these places handle it.
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

    /** The step, if it is one that applies changes. */
    default Optional<ApplyChanges> asApplyChanges() {
        return this instanceof ApplyChanges changes ? Optional.of(changes) : Optional.empty();
    }

    /** Applies the function for its kind. */
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
     * The part common to all steps.
     *
     * @param acceptedAt when the request arrived, by the clock of its instance; nothing is ordered by it
     */
    record Head(Owner owner, TaskId task, Optional<DeviceId> device, Instant acceptedAt, ReplyTo replyTo) {}

    /** A complete incremental sync. */
    record ApplyChanges(Head head, RequestDigest digest, CheckCode firstCode, IncrementalSync sync, Priority priority)
            implements Step {
        /** One in the background. */
        public ApplyChanges(Head head, RequestDigest digest, CheckCode firstCode, IncrementalSync sync) {
            this(head, digest, firstCode, sync, Priority.BACKGROUND);
        }

        /** What the previous release reads of it: a task that waits may be run by that one (decision 41). */
        ApplyChanges withoutLost() {
            List<Change> changes = sync.changes().isEmpty()
                    ? List.of(Change.withoutEffect(head.task().value()))
                    : sync.changes();
            IncrementalSync rest =
                    new IncrementalSync(changes, sync.checkAfter(), sync.onMismatch(), sync.confirmDeletes());
            return new ApplyChanges(head, digest, firstCode, rest, priority);
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
     * @param digest of the bytes as sent
     * @param partial whether contacts of an upload that replaces the book were left out (protocol 8.11); in their places are deletes
     */
    record PutChunk(Head head, int number, RequestDigest digest, List<Change> changes, boolean partial)
            implements Step {
        public PutChunk {
            changes = List.copyOf(changes);
        }

        /** One without such places. */
        public PutChunk(Head head, int number, RequestDigest digest, List<Change> changes) {
            this(head, number, digest, changes, false);
        }

        @Override
        public StepKind kind() {
            return StepKind.PUT_CHUNK;
        }
    }

    /** Commits an upload: verifies it, then switches the book to it. */
    record CommitUpload(Head head, UploadCommit commit) implements Step {
        @Override
        public StepKind kind() {
            return StepKind.COMMIT_UPLOAD;
        }
    }

    /** The client cancels a task. */
    record CancelTask(Head head) implements Step {
        @Override
        public StepKind kind() {
            return StepKind.CANCEL_TASK;
        }
    }

    /** Ends an upload whose lease has expired, and runs waiting tasks. The task id may be any of the owner's. */
    record RunWaiting(Head head) implements Step {
        @Override
        public StepKind kind() {
            return StepKind.RUN_WAITING;
        }
    }
}
