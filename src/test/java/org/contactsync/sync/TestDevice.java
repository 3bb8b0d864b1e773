package org.contactsync.sync;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.CancelTask;
import org.contactsync.sync.step.Step.CommitUpload;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.step.Step.PutChunk;

/** Makes the steps of one device, each as a request of its own that comes at the clock's time. */
final class TestDevice {
    private final TestService service;
    private final Owner owner;
    private final DeviceId id;

    TestDevice(TestService service, Owner owner, String name) {
        this.service = service;
        this.owner = owner;
        id = new DeviceId(name);
    }

    Owner owner() {
        return owner;
    }

    /** From the book as it is, refused on a mismatch. */
    ApplyChanges changes(Change... changes) {
        return changesFrom(service.code(owner), changes);
    }

    ApplyChanges changesFrom(CheckCode first, Change... changes) {
        return apply(first, new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, false));
    }

    ApplyChanges rebasing(CheckCode first, Change... changes) {
        return apply(first, new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REBASE, false));
    }

    ApplyChanges apply(CheckCode first, IncrementalSync sync) {
        String request = first + " " + sync + " " + text(sync.changes());
        return new ApplyChanges(head(TaskId.random()), Examples.digest(request), first, sync);
    }

    /** The same, started by a person. */
    ApplyChanges byUser(ApplyChanges step) {
        return new ApplyChanges(step.head(), step.digest(), step.firstCode(), step.sync(), Priority.USER);
    }

    /** The same, with deletes that are intended. */
    ApplyChanges confirmed(ApplyChanges step) {
        IncrementalSync sync = step.sync();
        return new ApplyChanges(
                step.head(),
                step.digest(),
                step.firstCode(),
                new IncrementalSync(sync.changes(), sync.checkAfter(), sync.onMismatch(), true),
                step.priority());
    }

    /** The same as the server makes it to restore something. */
    ApplyChanges restoring(ApplyChanges step) {
        return new ApplyChanges(step.head(), restoring(step.digest()), step.firstCode(), step.sync(), Priority.USER);
    }

    /** The same as the server makes it to restore something. */
    OpenUpload restoring(OpenUpload step) {
        return new OpenUpload(step.head(), restoring(step.digest()), step.plan());
    }

    private static RequestDigest restoring(RequestDigest digest) {
        return RequestDigest.ofRestore(digest.hex(), new byte[0]);
    }

    OpenUpload open(TaskKind kind, int chunks, long contacts) {
        return open(new UploadPlan(kind, service.code(owner), chunks, contacts, Optional.empty(), false));
    }

    OpenUpload open(UploadPlan plan) {
        return new OpenUpload(head(TaskId.random()), Examples.digest(plan.toString()), plan);
    }

    PutChunk chunk(Step upload, int number, Change... changes) {
        return chunk(upload, number, List.of(changes));
    }

    PutChunk chunk(Step upload, int number, List<Change> changes) {
        return new PutChunk(
                head(upload.task()), number, Examples.digest(number + " " + text(changes)), List.copyOf(changes));
    }

    /** One of which contacts were left out; in their places are changes without effect. */
    PutChunk partial(Step upload, int number, Change... changes) {
        PutChunk chunk = chunk(upload, number, changes);
        return new PutChunk(chunk.head(), number, chunk.digest(), chunk.changes(), true);
    }

    CommitUpload commit(Step upload) {
        return commit(upload, Optional.empty(), false);
    }

    CommitUpload commit(Step upload, Optional<CheckCode> checkAfter, boolean confirmDeletes) {
        return new CommitUpload(head(upload.task()), new UploadCommit(checkAfter, confirmDeletes));
    }

    CancelTask cancel(Step task) {
        return new CancelTask(head(task.task()));
    }

    /** The same request once more: same task, another connection. */
    ApplyChanges again(ApplyChanges step) {
        return new ApplyChanges(head(step.task()), step.digest(), step.firstCode(), step.sync(), step.priority());
    }

    /** The same request once more: same task, another connection. */
    OpenUpload again(OpenUpload step) {
        return new OpenUpload(head(step.task()), step.digest(), step.plan());
    }

    /** All of it; a card says nothing of its content by itself. */
    private static String text(List<Change> changes) {
        StringBuilder text = new StringBuilder();
        for (Change change : changes) {
            text.append(change);
            if (change instanceof Change.Put put) {
                text.append(new String(put.card().utf8(), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    private Head head(TaskId task) {
        return new Head(
                owner,
                task,
                Optional.of(id),
                service.clock.instant(),
                new ReplyTo("contacts.reply.test", UUID.randomUUID()));
    }
}
