package org.contactsync.queue.event;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.contactsync.sync.event.BookEvent.TaskEnded;

/**
 * Writes events as bytes and reads them. A reader skips the whole message if it does not know the version or a kind. Thread-safe.
 *
 * <pre>
 *   message:     version 1, number of events (2 bytes), events
 *   event:       kind, issuer, subject, then
 *   1 changed:   seq (8 bytes), check code, device or nothing
 *   2 ended:     task (16 bytes)
 *   texts:       length (2 bytes) and modified UTF-8, as java.io.DataOutput has it
 * </pre>
 */
final class EventCodec {
    private static final int VERSION = 1;
    private static final int CHANGED = 1;
    private static final int ENDED = 2;

    byte[] write(List<BookEvent> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(events.size() * 160);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeShort(events.size());
            for (BookEvent event : events) {
                write(out, event);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, BookEvent event) throws IOException {
        out.writeByte(event instanceof BookChanged ? CHANGED : ENDED);
        out.writeUTF(event.owner().issuer());
        out.writeUTF(event.owner().subject());
        if (event instanceof BookChanged changed) {
            out.writeLong(changed.seq());
            out.writeUTF(changed.checkCode().value());
            out.writeUTF(changed.device().map(DeviceId::value).orElse(""));
        } else if (event instanceof TaskEnded ended) {
            out.writeLong(ended.task().value().getMostSignificantBits());
            out.writeLong(ended.task().value().getLeastSignificantBits());
        }
    }

    /** @throws IllegalArgumentException when the bytes are not events that this version knows */
    List<BookEvent> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            int count = in.readUnsignedShort();
            if (version != VERSION) {
                throw new IllegalArgumentException("version of another release: version=" + version);
            }
            List<BookEvent> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                events.add(read(in));
            }
            return events;
        } catch (IOException e) {
            throw new IllegalArgumentException("not events", e);
        }
    }

    private static BookEvent read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        Owner owner = new Owner(in.readUTF(), in.readUTF());
        if (kind == CHANGED) {
            long seq = in.readLong();
            CheckCode code = new CheckCode(in.readUTF());
            String device = in.readUTF();
            return new BookChanged(
                    owner, seq, code, device.isEmpty() ? Optional.empty() : Optional.of(new DeviceId(device)));
        }
        if (kind == ENDED) {
            return new TaskEnded(owner, new TaskId(new UUID(in.readLong(), in.readLong())));
        }
        throw new IllegalArgumentException("kind of another release: kind=" + kind);
    }
}
