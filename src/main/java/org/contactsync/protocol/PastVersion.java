package org.contactsync.protocol;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.Content;

/**
 * A contact as it was until a task replaced or deleted it, or a card that lost a conflict and never was in the book.
 *
 * @param device that wrote it
 * @param from the book's sequence number when it was written
 * @param until the book's sequence number after the task that ended it
 * @param endedAt when that was
 * @param endedBy the device that did
 * @param lost whether it lost a conflict: then {@code from} is {@code until}
 */
public record PastVersion(
        Uid uid,
        Content content,
        Optional<DeviceId> device,
        long from,
        long until,
        Instant endedAt,
        Optional<DeviceId> endedBy,
        boolean lost) {}
