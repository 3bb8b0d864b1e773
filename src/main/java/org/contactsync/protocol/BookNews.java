package org.contactsync.protocol;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * The state of a book, as an event tells it.
 *
 * @param seq the book's sequence number
 * @param checkCode its code at that number
 * @param device that made every change since the event before; empty if that is not known, or if there were several
 */
public record BookNews(long seq, CheckCode checkCode, Optional<DeviceId> device) {
    /** Whether both tell of the same state, whoever made it. */
    public boolean sameState(BookNews other) {
        return seq == other.seq && checkCode.equals(other.checkCode);
    }
}
