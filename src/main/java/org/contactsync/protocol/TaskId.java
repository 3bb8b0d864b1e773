package org.contactsync.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.Sha256;

/**
 * The name of a sync task.
 *
 * @param value random, or derived from the owner and the {@code Idempotency-Key}: then the task's row is its own receipt
 */
public record TaskId(UUID value) {
    public static TaskId random() {
        return new TaskId(UUID.randomUUID());
    }

    /** The same owner and key give the same id; another owner's key never does. Version 8 of RFC 9562. */
    public static TaskId of(Owner owner, UUID idempotencyKey) {
        MessageDigest sha256 = Sha256.start();
        sha256.update(owner.key().getBytes(StandardCharsets.US_ASCII));
        ByteBuffer hash =
                ByteBuffer.wrap(sha256.digest(idempotencyKey.toString().getBytes(StandardCharsets.US_ASCII)));
        long high = hash.getLong() & ~0xf000L | 0x8000L;
        long low = hash.getLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
        return new TaskId(new UUID(high, low));
    }

    /** Empty for anything that is not a UUID in its canonical form. */
    public static Optional<TaskId> parse(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            return uuid.toString().equals(text) ? Optional.of(new TaskId(uuid)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
