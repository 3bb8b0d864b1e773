package org.contactsync.protocol;

import java.time.Instant;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * A task that changed a book.
 *
 * @param seq of the book after it
 * @param at when it ended, by the database's clock
 * @param before the book's code before it
 * @param after the book's code after it
 * @param count contacts after it
 * @param puts contacts added or changed
 * @param deletes contacts deleted
 * @param restore whether it restored what was
 */
public record PastChange(
        long seq,
        Instant at,
        TaskKind kind,
        TaskId task,
        Optional<DeviceId> device,
        CheckCode before,
        CheckCode after,
        long count,
        long puts,
        long deletes,
        boolean restore) {}
