package org.contactsync.sync;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.IncrementalSync;
import org.contactsync.protocol.OnMismatch;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.UploadCommit;
import org.contactsync.protocol.UploadPlan;
import org.contactsync.sync.Step.ApplyChanges;
import org.contactsync.sync.Step.CancelTask;
import org.contactsync.sync.Step.CommitUpload;
import org.contactsync.sync.Step.Head;
import org.contactsync.sync.Step.OpenUpload;
import org.contactsync.sync.Step.PutChunk;
import org.contactsync.sync.Step.RunWaiting;

/**
 * Steps as bytes, in a message and in the row of a task that waits. Cards travel as their canonical bytes, so that nobody
 * parses JSON twice.
 *
 * <pre>
 *   version 1 byte · kind 1 byte · head · what the kind has · CRC-32C of all that 4 bytes
 *   text = length 4 bytes, UTF-8; optional = 1 byte 0 or 1, value; integers big-endian
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class StepCodec {
    private static final byte VERSION = 2;
    /** No text or card of ours is longer; a larger length is a damaged message. */
    private static final int MOST_BYTES = 1 << 20;

    private static final int CHECKSUM_BYTES = 4;

    private enum Kind {
        APPLY,
        OPEN,
        CHUNK,
        COMMIT,
        CANCEL,
        RUN_WAITING
    }

    public byte[] write(Step step) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            if (step instanceof ApplyChanges apply) {
                writeHead(out, Kind.APPLY, apply.head());
                writeText(out, apply.digest().hex());
                writeText(out, apply.firstCode().value());
                writeChanges(out, apply.sync().changes());
                writeOptional(out, apply.sync().checkAfter().map(CheckCode::value));
                out.writeBoolean(apply.sync().onMismatch() == OnMismatch.REBASE);
                out.writeBoolean(apply.sync().confirmDeletes());
                out.writeBoolean(apply.priority() == Priority.USER);
            } else if (step instanceof OpenUpload open) {
                writeHead(out, Kind.OPEN, open.head());
                writeText(out, open.digest().hex());
                writePlan(out, open.plan());
            } else if (step instanceof PutChunk chunk) {
                writeHead(out, Kind.CHUNK, chunk.head());
                out.writeInt(chunk.number());
                writeText(out, chunk.digest().hex());
                writeChanges(out, chunk.changes());
            } else if (step instanceof CommitUpload commit) {
                writeHead(out, Kind.COMMIT, commit.head());
                writeOptional(out, commit.commit().checkAfter().map(CheckCode::value));
                out.writeBoolean(commit.commit().confirmDeletes());
            } else {
                writeHead(out, step instanceof CancelTask ? Kind.CANCEL : Kind.RUN_WAITING, step.head());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array does not fail", e);
        }
        int sum = checksum(bytes.toByteArray(), bytes.size());
        bytes.writeBytes(ByteBuffer.allocate(CHECKSUM_BYTES).putInt(sum).array());
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException when the bytes are not what {@link #write} gave */
    public Step read(byte[] bytes) {
        int length = bytes.length - CHECKSUM_BYTES;
        if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != checksum(bytes, length)) {
            throw new IllegalArgumentException("not a step, or damaged: " + bytes.length + " bytes");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
            Step step = readStep(in);
            if (in.available() > 0) {
                throw new IllegalArgumentException("not a step: " + in.available() + " bytes too many");
            }
            return step;
        } catch (IOException | ArrayIndexOutOfBoundsException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("not a step: " + bytes.length + " bytes", e);
        }
    }

    private static Step readStep(DataInputStream in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IllegalArgumentException("step of version " + version + ", this is " + VERSION);
        }
        Kind kind = Kind.values()[in.readByte()];
        Head head = readHead(in);
        return switch (kind) {
            case APPLY ->
                new ApplyChanges(
                        head,
                        new RequestDigest(readText(in)),
                        new CheckCode(readText(in)),
                        readSync(in),
                        in.readBoolean() ? Priority.USER : Priority.BACKGROUND);
            case OPEN -> new OpenUpload(head, new RequestDigest(readText(in)), readPlan(in));
            case CHUNK -> new PutChunk(head, in.readInt(), new RequestDigest(readText(in)), readChanges(in));
            case COMMIT -> new CommitUpload(head, new UploadCommit(readCode(in), in.readBoolean()));
            case CANCEL -> new CancelTask(head);
            case RUN_WAITING -> new RunWaiting(head);
        };
    }

    /** A damaged card would otherwise become the contact of somebody. */
    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void writeHead(DataOutputStream out, Kind kind, Head head) throws IOException {
        out.writeByte(kind.ordinal());
        writeText(out, head.owner().issuer());
        writeText(out, head.owner().subject());
        writeUuid(out, head.task().value());
        writeOptional(out, head.device().map(DeviceId::value));
        out.writeLong(head.acceptedAt().getEpochSecond());
        out.writeInt(head.acceptedAt().getNano());
        writeText(out, head.replyTo().queue());
        writeUuid(out, head.replyTo().correlation());
    }

    private static Head readHead(DataInputStream in) throws IOException {
        return new Head(
                new Owner(readText(in), readText(in)),
                new TaskId(readUuid(in)),
                readOptional(in).map(DeviceId::new),
                Instant.ofEpochSecond(in.readLong(), in.readInt()),
                new ReplyTo(readText(in), readUuid(in)));
    }

    private static IncrementalSync readSync(DataInputStream in) throws IOException {
        List<Change> changes = readChanges(in);
        Optional<CheckCode> after = readCode(in);
        OnMismatch onMismatch = in.readBoolean() ? OnMismatch.REBASE : OnMismatch.REFUSE;
        return new IncrementalSync(changes, after, onMismatch, in.readBoolean());
    }

    private static void writePlan(DataOutputStream out, UploadPlan plan) throws IOException {
        out.writeByte(plan.kind().ordinal());
        writeText(out, plan.checkBefore().value());
        out.writeInt(plan.chunks());
        out.writeLong(plan.contacts());
        writeOptional(out, plan.checkAfter().map(CheckCode::value));
        out.writeBoolean(plan.confirmDeletes());
    }

    private static UploadPlan readPlan(DataInputStream in) throws IOException {
        return new UploadPlan(
                TaskKind.values()[in.readByte()],
                new CheckCode(readText(in)),
                in.readInt(),
                in.readLong(),
                readCode(in),
                in.readBoolean());
    }

    private static void writeChanges(DataOutputStream out, List<Change> changes) throws IOException {
        out.writeInt(changes.size());
        for (Change change : changes) {
            writeChange(out, change);
        }
    }

    private static List<Change> readChanges(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<Change> changes = new ArrayList<>(Math.min(size, SLICE));
        for (int i = 0; i < size; i++) {
            changes.add(readChange(in));
        }
        return changes;
    }

    private static final int SLICE = 1_000;

    private static void writeChange(DataOutputStream out, Change change) throws IOException {
        boolean put = change instanceof Change.Put;
        out.writeBoolean(put);
        writeText(out, change.uid().value());
        if (change instanceof Change.Put with) {
            writeBytes(out, with.card().utf8());
        }
        out.writeBoolean(change.expected().isPresent());
        if (change.expected().isPresent()) {
            writeOptional(out, change.expected().get().hash().map(ContentHash::hex));
        }
    }

    private static Change readChange(DataInputStream in) throws IOException {
        boolean put = in.readBoolean();
        Uid uid = new Uid(readText(in));
        if (put) {
            CanonicalCard card = CanonicalCard.ofTrusted(readBytes(in));
            return new Change.Put(uid, card, readExpected(in));
        }
        return new Change.Delete(uid, readExpected(in));
    }

    private static Optional<Change.Expected> readExpected(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? Optional.of(new Change.Expected(readOptional(in).map(ContentHash::ofHex)))
                : Optional.empty();
    }

    private static Optional<CheckCode> readCode(DataInputStream in) throws IOException {
        return readOptional(in).map(CheckCode::new);
    }

    private static void writeOptional(DataOutputStream out, Optional<String> text) throws IOException {
        out.writeBoolean(text.isPresent());
        if (text.isPresent()) {
            writeText(out, text.get());
        }
    }

    private static Optional<String> readOptional(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(readText(in)) : Optional.empty();
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IllegalArgumentException("not a step: a length of " + length);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void writeUuid(DataOutputStream out, UUID uuid) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID readUuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
