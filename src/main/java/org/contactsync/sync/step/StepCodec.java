package org.contactsync.sync.step;

import java.nio.BufferUnderflowException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.checkcode.CheckCode;
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
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.CancelTask;
import org.contactsync.sync.step.Step.CommitUpload;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.step.Step.PutChunk;
import org.contactsync.sync.step.Step.RunWaiting;

/**
 * Encodes steps as bytes, for messages and for the rows of waiting tasks. Cards are encoded as their canonical bytes, so
 * that no JSON is parsed twice.
 *
 * <pre>
 *   version 1 byte · kind 1 byte · head · what the kind has · CRC-32C of all that 4 bytes
 *   text = length 4 bytes, UTF-8; optional = 1 byte 0 or 1, value; integers big-endian
 *
 *   version 1   as version 2, without the priority of {@code ApplyChanges}
 *   version 2   as version 3, without the cards that lost a conflict, without chunks that are partial, and, but in the rows
 *               of waiting tasks, without changes that have no effect
 *   version 3   written where version 2 cannot say it; never in the rows of waiting tasks (decision 41)
 * </pre>
 *
 * <p>Two adjacent releases run side by side, and a step may wait longer than its release lives. Therefore version, kind,
 * head and checksum are the same in every version. A release that introduces a version reads it, but still writes the
 * previous one; the next release writes it (decision 30). Thread-safe.
 */
public final class StepCodec {
    static final int OLDEST_READ = 1;
    static final int NEWEST_READ = 3;
    /** The newest version that the previous release reads. */
    static final int WRITTEN = 2;

    private static final int FIRST_WITH_PRIORITY = 2;
    private static final int FIRST_WITH_MORE = 3;

    public byte[] write(Step step) {
        return write(step, version(step));
    }

    private byte[] write(Step step, int version) {
        StepOutput out = new StepOutput();
        out.writeByte(version);
        out.writeByte(step.kind().code());
        writeHead(out, step.head());
        return step.match(
                        apply -> writeApply(out, version, apply),
                        open -> writeOpen(out, open),
                        chunk -> writeChunk(out, chunk),
                        commit -> writeCommit(out, commit),
                        cancel -> out,
                        wake -> out)
                .withChecksum();
    }

    /** The step of a task that is going to wait, in the version that the previous release reads. */
    public byte[] writeWaiting(ApplyChanges step) {
        return write(step.withoutLost(), WRITTEN);
    }

    /** Changes without effect say that others were left out; what reads version 2 only would let them supersede these. */
    private static int version(Step step) {
        boolean more = step.match(
                apply -> !apply.sync().lost().isEmpty()
                        || apply.sync().changes().stream().anyMatch(Change::isWithoutEffect),
                open -> false,
                PutChunk::partial,
                commit -> false,
                cancel -> false,
                wake -> false);
        return more ? FIRST_WITH_MORE : WRITTEN;
    }

    /**
     * Reads the bytes of any instance of this version or of an adjacent one.
     *
     * @throws NewerStepException if only a newer version can read them
     * @throws IllegalArgumentException if the bytes were not written by {@link #write}
     */
    public Step read(byte[] bytes) {
        try {
            return readStep(new StepInput(bytes));
        } catch (BufferUnderflowException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("not a step: " + bytes.length + " bytes", e);
        }
    }

    /**
     * Reads the step of a waiting task.
     *
     * @throws NewerStepException if only a newer version can read it
     * @throws IllegalArgumentException if the bytes are not a step of a kind that can wait
     */
    public ApplyChanges readWaiting(byte[] bytes) {
        return read(bytes)
                .match(
                        Function.identity(),
                        StepCodec::neverWaits,
                        StepCodec::neverWaits,
                        StepCodec::neverWaits,
                        StepCodec::neverWaits,
                        StepCodec::neverWaits);
    }

    private static ApplyChanges neverWaits(Step step) {
        throw new IllegalArgumentException(
                "not a step that waits: " + step.kind().label());
    }

    private static Step readStep(StepInput in) {
        int version = in.readByte();
        if (version < OLDEST_READ) {
            throw new IllegalArgumentException("step of version " + version + ", which is not read any more");
        }
        int code = in.readByte();
        Head head = readHead(in);
        Optional<StepKind> kind = StepKind.ofCode(code);
        if (version > NEWEST_READ || kind.isEmpty()) {
            throw new NewerStepException(version, code, head);
        }
        Step step = readBody(in, version, kind.get(), head);
        in.end();
        return step;
    }

    private static Step readBody(StepInput in, int version, StepKind kind, Head head) {
        return switch (kind) {
            case APPLY_CHANGES -> readApply(in, version, head);
            case OPEN_UPLOAD -> new OpenUpload(head, new RequestDigest(in.readText()), readPlan(in));
            case PUT_CHUNK ->
                new PutChunk(
                        head,
                        in.readInt(),
                        new RequestDigest(in.readText()),
                        StepCards.readChanges(in),
                        version >= FIRST_WITH_MORE);
            case COMMIT_UPLOAD -> new CommitUpload(head, new UploadCommit(readCode(in), in.readBoolean()));
            case CANCEL_TASK -> new CancelTask(head);
            case RUN_WAITING -> new RunWaiting(head);
        };
    }

    private static ApplyChanges readApply(StepInput in, int version, Head head) {
        RequestDigest digest = new RequestDigest(in.readText());
        CheckCode first = new CheckCode(in.readText());
        List<Change> changes = StepCards.readChanges(in);
        Optional<CheckCode> after = readCode(in);
        OnMismatch onMismatch = in.readBoolean() ? OnMismatch.REBASE : OnMismatch.REFUSE;
        boolean confirmDeletes = in.readBoolean();
        Priority priority = version >= FIRST_WITH_PRIORITY && in.readBoolean() ? Priority.USER : Priority.BACKGROUND;
        List<LostCard> lost = version >= FIRST_WITH_MORE ? StepCards.readLost(in) : List.of();
        IncrementalSync sync = new IncrementalSync(changes, after, onMismatch, confirmDeletes, lost);
        return new ApplyChanges(head, digest, first, sync, priority);
    }

    private static StepOutput writeApply(StepOutput out, int version, ApplyChanges apply) {
        out.writeText(apply.digest().hex());
        out.writeText(apply.firstCode().value());
        StepCards.writeChanges(out, apply.sync().changes());
        out.writeOptional(apply.sync().checkAfter().map(CheckCode::value));
        out.writeBoolean(
                switch (apply.sync().onMismatch()) {
                    case REFUSE -> false;
                    case REBASE -> true;
                });
        out.writeBoolean(apply.sync().confirmDeletes());
        out.writeBoolean(
                switch (apply.priority()) {
                    case BACKGROUND -> false;
                    case USER -> true;
                });
        if (version >= FIRST_WITH_MORE) {
            StepCards.writeLost(out, apply.sync().lost());
        }
        return out;
    }

    private static StepOutput writeOpen(StepOutput out, OpenUpload open) {
        out.writeText(open.digest().hex());
        writePlan(out, open.plan());
        return out;
    }

    private static StepOutput writeChunk(StepOutput out, PutChunk chunk) {
        out.writeInt(chunk.number());
        out.writeText(chunk.digest().hex());
        StepCards.writeChanges(out, chunk.changes());
        return out;
    }

    private static StepOutput writeCommit(StepOutput out, CommitUpload commit) {
        out.writeOptional(commit.commit().checkAfter().map(CheckCode::value));
        out.writeBoolean(commit.commit().confirmDeletes());
        return out;
    }

    /**
     * The same in every version: an older one must be able to read the owner of a step and the request that waits for it.
     */
    private static void writeHead(StepOutput out, Head head) {
        out.writeText(head.owner().issuer());
        out.writeText(head.owner().subject());
        out.writeUuid(head.task().value());
        out.writeOptional(head.device().map(DeviceId::value));
        out.writeLong(head.acceptedAt().getEpochSecond());
        out.writeInt(head.acceptedAt().getNano());
        out.writeText(head.replyTo().queue());
        out.writeUuid(head.replyTo().correlation());
    }

    private static Head readHead(StepInput in) {
        return new Head(
                new Owner(in.readText(), in.readText()),
                new TaskId(in.readUuid()),
                in.readOptional().map(DeviceId::new),
                Instant.ofEpochSecond(in.readLong(), in.readInt()),
                new ReplyTo(in.readText(), in.readUuid()));
    }

    private static void writePlan(StepOutput out, UploadPlan plan) {
        out.writeByte(code(plan.kind()));
        out.writeText(plan.checkBefore().value());
        out.writeInt(plan.chunks());
        out.writeLong(plan.contacts());
        out.writeOptional(plan.checkAfter().map(CheckCode::value));
        out.writeBoolean(plan.confirmDeletes());
    }

    private static UploadPlan readPlan(StepInput in) {
        return new UploadPlan(
                taskKind(in.readByte()),
                new CheckCode(in.readText()),
                in.readInt(),
                in.readLong(),
                readCode(in),
                in.readBoolean());
    }

    /** Codes are never reused for another kind. */
    private static int code(TaskKind kind) {
        return switch (kind) {
            case INCREMENTAL -> 0;
            case INITIAL -> 1;
            case REPLACE -> 2;
            case CHANGES -> 3;
        };
    }

    private static TaskKind taskKind(int code) {
        return Arrays.stream(TaskKind.values())
                .filter(kind -> code(kind) == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a step: an upload of kind " + code));
    }

    private static Optional<CheckCode> readCode(StepInput in) {
        return in.readOptional().map(CheckCode::new);
    }
}
