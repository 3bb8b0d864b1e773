package org.contactsync.sync.book;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.protocol.DeviceId;
import org.contactsync.sync.book.Contacts.Mark;

/**
 * What a contact was before another device changed it, and how often two devices have changed it back (protocol 4.3.11). There is none
 * while one device alone changes the contact.
 *
 * @param seq of the row that it belongs to: a version that does not know it changes the row and leaves it
 * @param before the first bytes of the content hash that the contact had before; 0 if it did not exist
 * @param device a hash of the device that had written that
 * @param turns how often in a row the contact was changed back to what it had been before the last change, by the device that had
 *     written that
 * @param since in seconds, when the first of these turns was
 */
public record Alternation(long seq, long before, int device, int turns, long since) {
    /** So many turns are two devices that differ for once; the next one is a loop. */
    public static final int MOST_TURNS = 4;

    /** Turns count while they are within this time. */
    public static final Duration WINDOW = Duration.ofHours(1);

    private static final int BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;

    /**
     * After a change of a contact that has a row; empty if the device is the one that wrote the row, or if one of them is not known.
     *
     * @param after the contact's hash after the change; empty if it is deleted
     */
    public static Optional<Alternation> of(
            Mark mark, Optional<ContentHash> after, Optional<DeviceId> device, long seq, Instant now) {
        if (device.isEmpty() || mark.device().isEmpty() || device.equals(mark.device())) {
            return Optional.empty();
        }
        int writer = mark.device().get().hashCode();
        long seconds = now.getEpochSecond();
        Optional<Alternation> back = mark.alternation()
                .filter(known -> known.before == start(after)
                        && known.device == device.get().hashCode());
        Optional<Alternation> recent = back.filter(known -> seconds - known.since <= WINDOW.toSeconds());
        int turns = recent.map(known -> known.turns + 1).orElse(back.isPresent() ? 1 : 0);
        long since =
                recent.filter(known -> known.turns > 0).map(Alternation::since).orElse(seconds);
        return Optional.of(new Alternation(seq, start(mark.hash()), writer, turns, since));
    }

    /** A person has decided: the count begins anew. */
    Alternation settled() {
        return new Alternation(seq, before, device, 0, since);
    }

    /** Whether the change after which it stands is one too many. */
    boolean isLoop() {
        return turns > MOST_TURNS;
    }

    private static long start(Optional<ContentHash> hash) {
        return hash.map(each -> ByteBuffer.wrap(each.bytes()).getLong()).orElse(0L);
    }

    /** As it is stored. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(seq)
                .putLong(before)
                .putInt(device)
                .putInt(turns)
                .putLong(since)
                .array();
    }

    /** The one of a row with that sequence number; empty if the bytes belong to another one, or are of a later version. */
    public static Optional<Alternation> of(byte[] stored, long seq) {
        if (stored.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        Alternation known =
                new Alternation(bytes.getLong(), bytes.getLong(), bytes.getInt(), bytes.getInt(), bytes.getLong());
        return known.seq == seq ? Optional.of(known) : Optional.empty();
    }
}
