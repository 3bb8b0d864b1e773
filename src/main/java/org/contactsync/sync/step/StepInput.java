package org.contactsync.sync.step;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** Reads the bytes of a step. Throws {@link BufferUnderflowException} if they end too early. One thread at a time. */
final class StepInput {
    /** No text or card is longer; a larger length means a damaged message. */
    private static final int MOST_BYTES = 1 << 20;

    private final ByteBuffer bytes;

    /** @throws IllegalArgumentException if the last bytes are not the checksum of the others */
    StepInput(byte[] bytes) {
        int length = bytes.length - Integer.BYTES;
        if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != StepOutput.checksum(bytes, length)) {
            throw new IllegalArgumentException("not a step, or damaged: " + bytes.length + " bytes");
        }
        this.bytes = ByteBuffer.wrap(bytes, 0, length);
    }

    int readByte() {
        return Byte.toUnsignedInt(bytes.get());
    }

    boolean readBoolean() {
        return bytes.get() != 0;
    }

    int readInt() {
        return bytes.getInt();
    }

    long readLong() {
        return bytes.getLong();
    }

    UUID readUuid() {
        return new UUID(readLong(), readLong());
    }

    byte[] readBytes() {
        int length = readInt();
        if (length < 0 || length > MOST_BYTES || length > bytes.remaining()) {
            throw new IllegalArgumentException("not a step: a length of " + length);
        }
        byte[] value = new byte[length];
        bytes.get(value);
        return value;
    }

    String readText() {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    Optional<String> readOptional() {
        return readBoolean() ? Optional.of(readText()) : Optional.empty();
    }

    /** @throws IllegalArgumentException if there are more bytes */
    void end() {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("not a step: " + bytes.remaining() + " bytes too many");
        }
    }
}
