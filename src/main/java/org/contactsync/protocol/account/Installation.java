package org.contactsync.protocol.account;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;

/**
 * A device of a user, as the server has seen it.
 *
 * @param seenAt of its last request, or up to some minutes earlier
 * @param last what that request was for
 * @param state the last one of the book that the device is known to have had
 */
public record Installation(DeviceId id, Instant seenAt, RequestKind last, Optional<Known> state) {
    /** Devices of one user: of more, those that were not seen for the longest time are forgotten. */
    public static final int MOST = 50;

    /**
     * A state of the book.
     *
     * @param seq of it
     */
    public record Known(long seq, CheckCode code) {}
}
