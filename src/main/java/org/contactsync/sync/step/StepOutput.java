package org.contactsync.sync.step;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Writes the bytes of a step; see {@link StepCodec} for the layout. One thread at a time. */
final class StepOutput {
    private ByteBuffer bytes = ByteBuffer.allocate(1024);

    void writeByte(int value) {
        room(1).put((byte) value);
    }

    void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    void writeInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void writeLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    void writeUuid(UUID uuid) {
        writeLong(uuid.getMostSignificantBits());
        writeLong(uuid.getLeastSignificantBits());
    }

    void writeBytes(byte[] value) {
        writeInt(value.length);
        room(value.length).put(value);
    }

    void writeText(String text) {
        writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void writeOptional(Optional<String> text) {
        writeBoolean(text.isPresent());
        text.ifPresent(this::writeText);
    }

    /** All bytes written, followed by their checksum. */
    byte[] withChecksum() {
        writeInt(checksum(bytes.array(), bytes.position()));
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Without it a damaged card would become somebody's contact. */
    static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private ByteBuffer room(int more) {
        if (bytes.remaining() < more) {
            int size = Math.max(2 * bytes.capacity(), Math.addExact(bytes.position(), more));
            bytes = ByteBuffer.allocate(size).put(bytes.flip());
        }
        return bytes;
    }
}
