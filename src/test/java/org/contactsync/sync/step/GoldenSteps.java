package org.contactsync.sync.step;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.Examples;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.CancelTask;
import org.contactsync.sync.step.Step.CommitUpload;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.step.Step.PutChunk;
import org.contactsync.sync.step.Step.RunWaiting;

/**
 * The steps whose bytes are in {@code src/test/resources/steps}: of each kind one with all that it may have, and one with the least.
 * They never change; a kind that gets a new part keeps its old value for the old versions here.
 */
final class GoldenSteps {
    private static final UUID TASK = UUID.fromString("0b0c1d2e-3f40-8152-a364-758697a8b9ca");
    private static final UUID REQUEST = UUID.fromString("f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4051");

    private static final Head FULL = new Head(
            new Owner("https://issuer.example/ä", "刘 ada"),
            new TaskId(TASK),
            Optional.of(new DeviceId("phone-1")),
            Instant.parse("2026-11-22T12:34:56.123456789Z"),
            new ReplyTo("contacts.reply.one", REQUEST));

    private static final Head LEAST = new Head(
            new Owner("i", "s"),
            new TaskId(new UUID(0, 0)),
            Optional.empty(),
            Instant.EPOCH,
            new ReplyTo("", new UUID(0, 0)));

    private static final RequestDigest DIGEST = Examples.digest("golden");
    private static final ContentHash HASH = ContentHash.ofHex("00112233445566778899aabbccddeeff".repeat(2));

    private static final List<Change> ALL_CHANGES = List.of(
            new Change.Put(new Uid("new"), Examples.card("Ada 刘"), Optional.of(Change.Expected.ABSENT)),
            new Change.Put(new Uid("known"), Examples.card("Bob"), Optional.of(new Change.Expected(Optional.of(HASH)))),
            new Change.Put(new Uid("any"), Examples.card(""), Optional.empty()),
            new Change.Delete(new Uid("gone ä"), Optional.of(new Change.Expected(Optional.of(HASH)))),
            new Change.Delete(new Uid("d"), Optional.empty()));

    private static final List<Change> ONE_CHANGE = List.of(Examples.delete(1));

    private GoldenSteps() {}

    static Step full(StepKind kind) {
        return switch (kind) {
            case APPLY_CHANGES ->
                new ApplyChanges(
                        FULL,
                        DIGEST,
                        Examples.SOME_CODE,
                        new IncrementalSync(
                                ALL_CHANGES,
                                Optional.of(Examples.OTHER_CODE),
                                OnMismatch.REBASE,
                                true,
                                List.of(
                                        new LostCard(new Uid("known"), Examples.card("Bob, lost")),
                                        new LostCard(new Uid("gone ä"), Examples.card("")))),
                        Priority.USER);
            case OPEN_UPLOAD ->
                new OpenUpload(
                        FULL,
                        DIGEST,
                        new UploadPlan(
                                TaskKind.CHANGES,
                                Examples.SOME_CODE,
                                7,
                                1_234,
                                Optional.of(Examples.OTHER_CODE),
                                true));
            case PUT_CHUNK -> new PutChunk(FULL, 258, DIGEST, ALL_CHANGES, true);
            case COMMIT_UPLOAD -> new CommitUpload(FULL, new UploadCommit(Optional.of(Examples.OTHER_CODE), true));
            case CANCEL_TASK -> new CancelTask(FULL);
            case RUN_WAITING -> new RunWaiting(FULL);
        };
    }

    static Step least(StepKind kind) {
        return switch (kind) {
            case APPLY_CHANGES ->
                new ApplyChanges(
                        LEAST,
                        DIGEST,
                        Examples.SOME_CODE,
                        new IncrementalSync(ONE_CHANGE, Optional.empty(), OnMismatch.REFUSE, false),
                        Priority.BACKGROUND);
            case OPEN_UPLOAD ->
                new OpenUpload(
                        LEAST,
                        DIGEST,
                        new UploadPlan(TaskKind.INITIAL, Examples.SOME_CODE, 1, 1, Optional.empty(), false));
            case PUT_CHUNK -> new PutChunk(LEAST, 1, DIGEST, ONE_CHANGE);
            case COMMIT_UPLOAD -> new CommitUpload(LEAST, new UploadCommit(Optional.empty(), false));
            case CANCEL_TASK -> new CancelTask(LEAST);
            case RUN_WAITING -> new RunWaiting(LEAST);
        };
    }

    /** What is read of a step that a version wrote which knew less. */
    static Step inVersion(int version, Step step) {
        return step.match(
                apply -> version >= 3
                        ? apply
                        : new ApplyChanges(
                                apply.head(),
                                apply.digest(),
                                apply.firstCode(),
                                new IncrementalSync(
                                        apply.sync().changes(),
                                        apply.sync().checkAfter(),
                                        apply.sync().onMismatch(),
                                        apply.sync().confirmDeletes()),
                                version >= 2 ? apply.priority() : Priority.BACKGROUND),
                open -> open,
                chunk -> new PutChunk(chunk.head(), chunk.number(), chunk.digest(), chunk.changes(), version >= 3),
                commit -> commit,
                cancel -> cancel,
                wake -> wake);
    }
}
