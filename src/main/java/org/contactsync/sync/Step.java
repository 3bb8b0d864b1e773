package org.contactsync.sync;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.IncrementalSync;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.UploadCommit;
import org.contactsync.protocol.UploadPlan;

/** One step of work on one owner's book: one message, one transaction. */
public sealed interface Step {
    Head head();

    default Owner owner() {
        return head().owner();
    }

    default TaskId task() {
        return head().task();
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
    }

    /** Opens an upload in chunks. */
    record OpenUpload(Head head, RequestDigest digest, UploadPlan plan) implements Step {}

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
    }

    /** Ends an upload: verify, then switch. */
    record CommitUpload(Head head, UploadCommit commit) implements Step {}

    /** The client takes a task back. */
    record CancelTask(Head head) implements Step {}

    /** Ends an upload whose lease has run out, and runs what waits. The task named may be any of the owner's. */
    record RunWaiting(Head head) implements Step {}
}
